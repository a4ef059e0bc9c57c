import { readFileSync } from 'node:fs'
import { strToU8, zipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { panelCaller } from '../../local/api.ts'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { anEgg, aVariable } from '../worker/eggs/corpus.ts'

const variables = [
  aVariable(),
  aVariable({
    name: 'Licence',
    env_variable: 'LICENCE',
    default_value: '',
    rules: 'required|alpha_dash',
  }),
]
const egg = JSON.stringify(
  anEgg({ variables, startup_commands: { Deep: './burrow --deep {{DEPTH}}' } }),
)

describe('templates', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(new URL('/sign-in?next=/admin/templates', stack.url).href)
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
  const link = (name: string | RegExp) => page.getByRole('link', { name, exact: true })
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const region = (name: string | RegExp) => page.getByRole('region', { name })

  test('come in from a pasted egg, with what was found in it', async () => {
    await link('Import').first().click()
    await region('One template').getByLabel('Egg or template').fill('{"a": 1}')
    await button('Import the template').click()
    await see('This is neither an egg nor a template of Catalyst.')
    expect(await accessibilityBreaches(page)).toEqual([])

    await region('One template').getByLabel('Egg or template').fill(egg)
    await region('One template').getByLabel('Category').fill('Digging')
    await button('Import the template').click()

    await page.getByRole('heading', { name: 'Burrow is imported' }).waitFor()
    await see(/LICENCE has no default and is required/)
    expect(await accessibilityBreaches(page)).toEqual([])
  })

  test('come in from an archive, each file with what became of it', async () => {
    await button('Import another').click()
    const other = JSON.stringify(anEgg({ name: 'Nest' }))
    const buffer = Buffer.from(zipSync({ 'a.json': strToU8(egg), 'b.json': strToU8(other) }))
    const chooser = page.waitForEvent('filechooser')
    await button('Choose an archive').click()
    await (await chooser).setFiles({ name: 'eggs.zip', mimeType: 'application/zip', buffer })
    await button('Import the archive').click()

    await page.getByRole('heading', { name: '1 template of 2 files imported' }).waitFor()
    await see('A template is named "Burrow" already.')
    await link('See all templates').click()
  })

  test('are found by category and by text', async () => {
    await page.getByLabel('Category').selectOption('Digging')
    await link('Nest').waitFor({ state: 'detached' })
    await page.getByLabel('Search templates').fill('zzz')
    await page.getByRole('heading', { name: 'No template matches' }).waitFor()
    await button('Clear the filters').click()
    await link('Nest').waitFor()
  })

  test('go out as the egg that came in', async () => {
    await link('Burrow').click()
    await button('Export').click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /egg/ }).click()
    const file = await download

    expect(file.suggestedFilename()).toBe('egg-burrow.json')
    const text = readFileSync(await file.path(), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ ...JSON.parse(egg), exported_at: expect.any(String) })
  })

  test('are updated in what was chosen of a newer egg', async () => {
    await link('Update').click()
    const newer = { ...JSON.parse(egg), description: 'Deeper.', author: 'other@example.org' }
    await page.getByLabel('Egg or template').fill(JSON.stringify(newer))
    await button('Compare').click()
    await page.getByRole('checkbox', { name: 'author' }).uncheck()
    expect(await accessibilityBreaches(page)).toEqual([])
    await button('Take these over').click()

    await see('Deeper.')
    await see('mole@example.org')
  })

  test('are edited, their variables one by one', async () => {
    await link('Edit').click()
    const licence = page.getByRole('group', { name: 'Licence' })
    await licence.getByLabel('Rules').fill('required\nno_such_rule')
    await licence.getByText('"no_such_rule" is not checked: it is not known here.').waitFor()
    await licence.getByLabel('Rules').fill('required\nalpha_dash')
    await button('Move LICENCE up').click()
    await button('Add a variable').click()
    await button('Save the template').click()
    await page
      .getByRole('group', { name: 'New variable' })
      .getByText(/Invalid|Fill/)
      .waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await button('Remove the new variable').click()
    await button('Save the template').click()
    await see('2 variables')
  })

  test('say in a new server’s form what their rules refuse, while it is typed', async () => {
    const { token } = await panelCaller(stack.url, '')(auth.login, admin)
    await panelCaller(stack.url, token)(nodes.create, {
      name: 'n-1',
      publicAddress: 'node.example.org',
    })
    await link('Create a server').click()
    await page.getByRole('textbox', { name: /^Name/ }).fill('Moles')
    await page.getByLabel('Depth of the burrow').fill('500')
    await see('It has to be between 1 and 400.')
    await page.getByLabel('Depth of the burrow').fill('40')
    await button('Create and install').click()
    await see('A value is required.')
    await page.getByLabel('Node').selectOption({ index: 1 })
    await page.getByLabel('Licence').fill('abc')
    await page.getByLabel('Startup line').selectOption('Deep')
    await button('Create and install').click()

    await page.getByRole('heading', { name: 'Moles' }).waitFor()
  })

  test('let their servers’ startup be changed on its page', async () => {
    await page.getByRole('navigation', { name: 'Server', exact: true }).getByText('Startup').click()
    await see('./burrow --deep 40')
    await page.getByLabel('Depth of the burrow').fill('0')
    await see('It has to be between 1 and 400.')
    expect(await accessibilityBreaches(page)).toEqual([])
    await page.getByLabel('Depth of the burrow').fill('41')
    await region('Variables').getByRole('button', { name: /^Save/ }).click()
    await see('./burrow --deep 41')
    await page.setViewportSize({ width: 360, height: 900 })
    expect(await accessibilityBreaches(page)).toEqual([])

    expect(complaints).toEqual([])
  })
})
