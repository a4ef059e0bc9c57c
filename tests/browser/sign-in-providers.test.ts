import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { clientSecret, startProvider } from '../support/real-provider.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

const ann = { sub: 'ann-1', email: 'ann@example.net', email_verified: true, name: 'Ann' }

describe('signing in with a provider', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let idp: Awaited<ReturnType<typeof startProvider>>

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'], env: { PRIVATE_ADDRESSES: 'allow' } })
    idp = await startProvider({ ...ann, groups: ['helpdesk'] }, stack.url.origin)
    browser = await openBrowser()
    page = await newPage()
    await signIn(page)
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    idp.stop()
    removeStack(stack.dataDir)
  })

  const newPage = async () => {
    const context = await browser.newContext()
    const opened = await context.newPage()
    opened.setDefaultTimeout(15_000)
    return opened
  }
  const open = (on: Page, path: string) => on.goto(new URL(path, stack.url).href)
  const button = (on: Page, name: string) => on.getByRole('button', { name, exact: true })
  const isAt = (on: Page, path: string) => on.waitForURL((url) => url.pathname === path)
  const signIn = async (on: Page) => {
    await open(on, '/sign-in')
    await on.getByLabel('E-mail').fill(admin.email)
    await on.getByLabel('Password').first().fill(admin.password)
    await button(on, 'Sign in').click()
    await isAt(on, '/servers')
  }

  test('is set up by an administrator, who hears of what is wrong before it matters', async () => {
    await open(page, '/sign-in')
    await open(page, '/admin/sign-in-providers')
    await page.getByRole('heading', { name: 'No sign-in providers' }).waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await button(page, 'Add a provider').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Example')
    await dialog.getByLabel('Issuer').fill(`${idp.issuer}/elsewhere`)
    await dialog.getByRole('button', { name: 'Test the issuer' }).click()
    await dialog.getByRole('status').getByText('404').waitFor()
    await dialog.getByLabel('Issuer').fill(idp.issuer)
    await dialog.getByRole('button', { name: 'Test the issuer' }).click()
    await dialog.getByRole('status').getByText('It works').waitFor()
    await dialog.getByText(`${stack.url.origin}/sign-in/oidc`).waitFor()
    await dialog.getByLabel('Client ID').fill('panel')
    await dialog.getByLabel('Scopes').fill('openid email profile groups')
    await dialog.getByLabel('Create accounts').check()
    await dialog.getByRole('button', { name: 'Add a rule' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Choose one.').waitFor()
    await dialog.getByText('The provider gives one, unless').waitFor()
    await dialog.getByLabel('Client secret').first().fill(clientSecret)
    await dialog.getByLabel('Claim', { exact: true }).fill('groups')
    await dialog.getByLabel('Holds').fill('helpdesk')
    await dialog.getByLabel('Gives').selectOption({ label: 'Support' })
    expect(await accessibilityBreaches(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()

    const row = page.getByRole('row', { name: /Example/ })
    await row.getByText('1 rule').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('makes an account with the roles that its claims give, and goes on to the page asked for', async () => {
    const guest = await newPage()
    await open(guest, '/account')
    await isAt(guest, '/sign-in')
    await button(guest, 'Sign in with Example').waitFor()
    expect(await accessibilityBreaches(guest)).toEqual([])

    await button(guest, 'Sign in with Example').click()

    await isAt(guest, '/account')
    await guest.getByText('Support, User').waitFor()
    const section = guest.getByRole('region', { name: 'Sign-in providers' })
    await section.getByRole('row', { name: /Example/ }).waitFor()
    expect(await accessibilityBreaches(guest)).toEqual([])
    await button(guest, 'End the link with Example').click()
    await guest.getByText('the only way into your account').waitFor()
  })

  test('that was cancelled there ends in a sentence, and keeps nothing in the address', async () => {
    const { person } = idp
    idp.person = null
    const guest = await newPage()
    await open(guest, '/sign-in')

    await button(guest, 'Sign in with Example').click()

    await guest.getByRole('alert').getByText('Example was not to sign you in').waitFor()
    expect(new URL(guest.url()).search).toBe('')
    expect(await accessibilityBreaches(guest)).toEqual([])
    await guest.getByRole('link', { name: 'Back to sign-in' }).click()
    await isAt(guest, '/sign-in')
    idp.person = person
  })

  test('opens an account that its holder has linked, which asks for the password', async () => {
    const { person } = idp
    idp.person = { sub: 'root-1' }
    await open(page, '/account')
    await button(page, 'Link with Example').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your password').first().fill('wrong')
    await button(page, 'Go to Example').click()
    await dialog.getByText('The current password is wrong.').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await dialog.getByLabel('Your password').first().fill(admin.password)
    await button(page, 'Go to Example').click()
    const section = page.getByRole('region', { name: 'Sign-in providers' })
    await section.getByRole('row', { name: /Example/ }).waitFor()

    const elsewhere = await newPage()
    await open(elsewhere, '/sign-in')
    await button(elsewhere, 'Sign in with Example').click()
    await isAt(elsewhere, '/servers')
    await elsewhere.getByText('Nodes').first().waitFor()
    idp.person = person
  })

  test('begun nowhere ends nowhere', async () => {
    const guest = await newPage()
    await open(guest, '/sign-in/oidc')
    await guest.getByText('The sign-in provider sent nothing back.').waitFor()

    await open(guest, '/sign-in/oidc?state=made-up&code=made-up')
    await guest.getByRole('alert').getByText('Start over').waitFor()
    expect(await accessibilityBreaches(guest)).toEqual([])
  })

  test('ends with the provider, once its name was typed', async () => {
    await open(page, '/admin/sign-in-providers')
    await button(page, 'Delete Example').click()
    await page.getByText('2 accounts can no longer sign in with it.').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await page.getByRole('dialog').getByRole('textbox').fill('Example')
    await button(page, 'Delete it').click()
    await page.getByRole('heading', { name: 'No sign-in providers' }).waitFor()

    const guest = await newPage()
    await open(guest, '/sign-in')
    await button(guest, 'Sign in').waitFor()
    expect(await button(guest, 'Sign in with Example').count()).toBe(0)
  })
})
