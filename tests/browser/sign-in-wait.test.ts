import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { panelCaller } from '../../local/api.ts'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

let stack: Stack
let browser: Browser

beforeAll(async () => {
  stack = await startStack({ args: ['--no-agent'] })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.stop()
  removeStack(stack.dataDir)
})

test('after too many wrong passwords the page says how long to wait, and counts down', async () => {
  const page = await browser.newPage()
  const button = page.getByRole('button', { name: /^Sign in$|^Try again in \d+ s/ })
  const guess = panelCaller(stack.url, '')
  const wrong = { email: admin.email, password: 'wrong' }
  await page.goto(new URL('/sign-in', stack.url).href)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password').first().fill(admin.password)
  // Seven are looked at, the last two after their waits: the next wait is long enough to be seen.
  for (let no = 0; no < 7; no += 1) {
    await expect
      .poll(() => guess(auth.login, wrong).catch(({ code }) => code), { timeout: 5_000 })
      .toBe('invalid_credentials')
  }

  await button.click()

  await page.getByRole('alert').getByText('That was too often.').waitFor()
  expect(await button.textContent()).toMatch(/^Try again in [1-4] s\.$/)
  expect(await button.isDisabled()).toBe(true)
  expect(await accessibilityBreaches(page)).toEqual([])
  await page.getByRole('alert').getByText('You can try again now.').waitFor()
  expect(await button.isEnabled()).toBe(true)
  await button.click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
})
