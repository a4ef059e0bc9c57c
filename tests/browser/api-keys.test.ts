import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

describe('API keys', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let key = ''

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(15_000)
    await page.goto(new URL('/sign-in?next=/account', stack.url).href)
    await page.getByLabel('E-mail').fill(admin.email)
    await page.getByLabel('Password').first().fill(admin.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const section = () => page.getByRole('region', { name: 'API keys' })
  const ask = async (path: string) =>
    (await fetch(new URL(path, stack.url), { headers: { 'x-api-key': key } })).status

  test('are made with what they may do, and shown once', async () => {
    await button('Make an API key').click()
    const dialog = page.getByRole('dialog', { name: 'Make an API key' })
    await button('Make the key').click()
    await dialog.getByText('Choose at least one.').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('Deploys')
    await dialog.getByLabel('Search permissions').fill('location')
    await dialog.getByLabel('See locations').check()
    await dialog.getByLabel('See nodes').waitFor({ state: 'detached' })
    await dialog.getByLabel('Search permissions').fill('nodes')
    await dialog.getByLabel('See nodes').check()
    await dialog.getByText('2 permissions selected').waitFor()
    await dialog.getByLabel('Addresses', { exact: true }).fill('127.0.0.1\n::1\nnowhere')
    await button('Make the key').click()
    await dialog.getByText(/^Give an address or a range/).waitFor()
    await dialog.getByLabel('Addresses', { exact: true }).fill('127.0.0.1\n::1')
    expect(await accessibilityBreaches(page)).toEqual([])

    await button('Make the key').click()

    key = (await page.getByLabel('The key').textContent()) ?? ''
    expect(key).toMatch(/^cat_[\w-]{49}$/)
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('The key').isVisible()).toBe(true)
    expect(await accessibilityBreaches(page)).toEqual([])
    await button('I have kept it').click()
    expect(await page.content()).not.toContain(key)
    await section().getByText('Deploys').waitFor()
  })

  test('open what they may, from where they may be used, and nothing else', async () => {
    expect(await ask('/api/nodes')).toBe(200)
    expect(await ask('/api/templates')).toBe(403)
    expect(await ask('/api/auth/api-keys')).toBe(403)
  })

  test('are changed with what they have', async () => {
    await button('Change Deploys').click()
    const dialog = page.getByRole('dialog', { name: 'API key Deploys' })
    expect(await dialog.getByLabel('See nodes').isChecked()).toBe(true)
    await dialog.getByLabel('See nodes').uncheck()
    await dialog.getByLabel('Expires').selectOption('never')

    await dialog.getByRole('button', { name: 'Save' }).click()

    await dialog.waitFor({ state: 'detached' })
    await section().getByText('1 permission').waitFor()
    expect(await ask('/api/nodes')).toBe(403)
    expect(await ask('/api/locations')).toBe(200)
    await page.reload()
    await section()
      .getByText(/ago|just now/)
      .waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('of all accounts stand on a page of their own, where they end', async () => {
    await page.getByRole('link', { name: 'API keys', exact: true }).click()
    await page.getByRole('table', { name: 'API keys' }).getByText('Deploys').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await page.getByRole('button', { name: /^Revoke Deploys/ }).click()
    await page.getByRole('dialog').getByText('is refused at once').waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])

    await button('Revoke the key').click()

    await page.getByText('No API keys').waitFor()
    expect(await ask('/api/locations')).toBe(401)
  })
})
