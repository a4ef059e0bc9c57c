import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { panel } from '../../contract/api/panel.ts'
import { openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

let stack: Stack
let browser: Browser

beforeAll(async () => {
  stack = await startStack()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.stop()
  removeStack(stack.dataDir)
})

test('a newcomer adds the demo from the empty list of servers', async () => {
  const page = await browser.newPage()
  page.setDefaultTimeout(90_000)
  await page.goto(stack.url.href)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password').first().fill(admin.password)
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: 'Add the demo' }).click()
  await page.getByRole('link', { name: 'Create a server from OpenTTD' }).waitFor()

  expect(await stack.call(panel.demo, {})).toEqual({ state: 'ready', message: null })
})
