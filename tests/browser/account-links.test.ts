import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth } from '../../contract/api/accounts.ts'
import { panelCaller } from '../../local/api.ts'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { localCertificate } from '../support/certificate.ts'
import { mailText, startMailServer } from '../support/mail-server.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const ann = { name: 'Ann', email: 'ann@example.org', password: 'a long password of Ann' }

describe('links to accounts', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let mail: Awaited<ReturnType<typeof startMailServer>>
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-links-'))

  beforeAll(async () => {
    const { key, cert, authorityFile } = localCertificate(folder)
    mail = await startMailServer({ secure: true, key, cert })
    const env = { NODE_EXTRA_CA_CERTS: authorityFile, PRIVATE_ADDRESSES: 'allow' }
    stack = await startStack({ args: ['--no-agent'], env })
    browser = await openBrowser()
    page = await newPage()
    await signIn(page, admin)
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    await mail.stop()
    removeStack(stack.dataDir)
    removeStack(folder)
  })

  const newPage = async () => {
    const context = await browser.newContext()
    const opened = await context.newPage()
    opened.setDefaultTimeout(15_000)
    return opened
  }
  const open = (on: Page, path: string) => on.goto(new URL(path, stack.url).href)
  const button = (on: Page, name: string) => on.getByRole('button', { name, exact: true })
  const signIn = async (on: Page, { email, password }: { email: string; password: string }) => {
    await open(on, '/sign-in')
    await on.getByLabel('E-mail').fill(email)
    await on.getByLabel('Password').first().fill(password)
    await button(on, 'Sign in').click()
    await isIn(on)
  }
  const isIn = (on: Page) => on.waitForURL((url) => url.pathname === '/servers')
  const call = (token = '') => panelCaller(stack.url, token)
  /** The link of the newest mail. */
  const mailedLink = () => /https?:\S+/.exec(mailText(mail.received.at(-1)))?.[0] ?? ''

  test('an invitation that is not mailed is shown once, and lets its reader in', async () => {
    await open(page, '/admin/users')
    await button(page, 'Invite').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill(ann.name)
    await dialog.getByLabel('E-mail').fill(ann.email)
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = (await dialog.getByRole('status').locator('pre').textContent()) ?? ''
    expect(await accessibilityBreaches(page)).toEqual([])
    await button(page, 'Done').click()
    await page.getByRole('row', { name: /Ann/ }).getByText('Invited').waitFor()

    const guest = await newPage()
    await guest.goto(link)
    await guest
      .getByLabel('E-mail')
      .and(guest.locator(`[value="${ann.email}"]`))
      .waitFor()
    expect(guest.url()).not.toContain('#')
    expect(await accessibilityBreaches(guest)).toEqual([])
    await guest.getByLabel('Password').first().fill(ann.password)
    await button(guest, 'Set the password and sign in').click()
    await isIn(guest)

    const late = await newPage()
    await late.goto(link)
    await late.getByRole('alert').getByText('Ask whoever invited you for a new one.').waitFor()
    expect(await accessibilityBreaches(late)).toEqual([])
  })

  test('where no mail is set up, a forgotten password is an administrator’s matter', async () => {
    const guest = await newPage()
    await open(guest, '/sign-in')
    await guest.getByRole('link', { name: 'Forgot the password?' }).click()
    await guest.getByRole('heading', { name: 'Forgot the password?' }).waitFor()
    await guest.getByLabel('E-mail').fill(ann.email)
    await button(guest, 'Send me a link').click()

    await guest.getByRole('status').getByText('Ask an administrator').waitFor()
    expect(await accessibilityBreaches(guest)).toEqual([])
  })

  test('mail is set up in the settings, tried, and stays set up without its password', async () => {
    await open(page, '/admin/settings')
    await page.getByLabel('Send mail').selectOption({ label: 'With an SMTP server' })
    await page.getByLabel('Sender address').fill('panel@example.org')
    await page.getByLabel('Server', { exact: true }).fill('localhost')
    await page.getByLabel('Port').fill(String(mail.port))
    await page.getByLabel('User').fill('panel')
    const section = page.getByRole('region', { name: 'Mail' })
    const save = section.getByRole('button', { name: 'Save' })
    await save.click()
    await page.getByText('The password for this server and user.').waitFor()
    await page.getByLabel('Password').first().fill('the password')
    await save.click()
    await page.getByText('Leave empty to keep the saved one.').waitFor()

    await page.getByLabel('Sender name').fill('The panel')
    await save.click()
    await button(page, 'Send a mail to yourself').click()

    await section.getByRole('status').getByText(`Sent to ${admin.email}`).waitFor()
    expect(mail.received.at(-1)?.source).toContain('From: The panel <panel@example.org>')
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('suspended servers are set to be deleted, with a warning before', async () => {
    const section = page.getByRole('region', { name: 'Suspended servers' })
    await section.getByLabel('Delete them automatically after').fill('5')
    await section.getByRole('button', { name: 'Save' }).click()
    await section.getByText('That is longer than they stay suspended.').waitFor()
    await section.getByLabel('Warn the owner').fill('2')
    await section.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).first().waitFor()

    await page.reload()
    expect(await section.getByLabel('Delete them automatically after').inputValue()).toBe('5 days')
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('a forgotten password is replaced by a mailed link', async () => {
    const guest = await newPage()
    const before = mail.received.length
    await open(guest, '/forgot-password')
    await guest.getByLabel('E-mail').fill(ann.email)
    await button(guest, 'Send me a link').click()
    await guest.getByRole('status').getByText('is on its way').waitFor()
    await until(() => mail.received.length > before)

    await guest.goto(mailedLink())
    await guest.getByLabel('New password').fill('another password of Ann')
    expect(await accessibilityBreaches(guest)).toEqual([])
    await button(guest, 'Set the password').click()
    await guest.getByRole('link', { name: 'Sign in' }).click()

    await guest.waitForURL((url) => url.pathname === '/sign-in')
    await signIn(guest, { email: ann.email, password: 'another password of Ann' })
  })

  test('a login link signs in at once, and once', async () => {
    const { id: userId } = await call()(auth.login, {
      email: ann.email,
      password: 'another password of Ann',
    })
    const { url } = await stack.call(accountLinks.makeLoginLink, { userId })
    const guest = await newPage()

    await guest.goto(url)
    await isIn(guest)

    const late = await newPage()
    await late.goto(url)
    await late.getByRole('alert').getByText('Get a new one where you got this one.').waitFor()
  })
})
