import type { Browser, Locator, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { panelCaller } from '../../local/api.ts'
import {
  accessibilityBreaches,
  expectUsableAt,
  openBrowser,
  resize,
  widths,
} from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

describe('the panel', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    stack = await startStack({ args: ['--demo'], firstAdmin: 'link' })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      if (new URL(request.url()).host !== stack.url.host) complaints.push(request.url())
    })
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const power = (name: string) =>
    page.getByRole('group', { name: 'Power' }).getByRole('button', { name, exact: true })
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Server', exact: true }).getByRole('link', { name })
  const focusOn = (field: Locator) => field.and(page.locator(':focus')).waitFor()
  const link = () => /http\S+\/setup#token=\S+/.exec(stack.output())?.[0] ?? ''
  const fillAccount = async () => {
    await page.getByLabel('E-mail').fill(admin.email)
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password').first().fill(admin.password)
    await button('Create the account').click()
  }

  test('a wrong link is refused at its field, and the right one opened over it works', async () => {
    await page.goto(new URL('/setup#token=wrong', stack.url).href)
    await fillAccount()
    await focusOn(page.getByLabel('Set-up token'))

    await page.evaluate((address) => window.location.assign(address), link())
    await page.getByLabel('Set-up token').waitFor({ state: 'detached' })
  })

  test('the printed link creates the first administrator, once', async () => {
    await page.goto(link())
    await fillAccount()

    await page.waitForURL((url) => !url.pathname.startsWith('/setup'))
    expect(page.url()).not.toContain('token')

    await page.goto(link())
    await see('The first administrator exists already.')
  })

  test('a form leads to the field that it refuses', async () => {
    await page.goto(new URL('/servers/new', stack.url).href)
    await button('Create and install').click()

    await see('Fill this in.')
    await focusOn(page.getByRole('textbox', { name: /^Name/ }))
  })

  test('creates a server from the demo template and shows its installation', async () => {
    await page.goto(new URL('/servers/new', stack.url).href)
    await page.getByRole('textbox', { name: /^Name/ }).fill('Trains')
    await page.getByLabel('Port', { exact: true }).fill(String(await freePort()))
    await button('Create and install').click()

    await page.getByRole('heading', { name: 'Trains' }).waitFor()
    await see(/^Stopped$/)
  })

  test('starts it, shows its console live in its place, and sends it a line', async () => {
    const moved = await watchPlace(page, '.xterm')
    await power('Start').click()
    await see(/^Running$/)
    expect(await moved()).toBe(false)
    await see(/Ready for players|Map generated/)

    await page.getByLabel('Console command').fill('echo hello-from-the-panel')
    await page.keyboard.press('Enter')

    await page
      .locator('.xterm-rows')
      .getByText(/^hello-from-the-panel/)
      .waitFor()
  })

  test.each([
    '/',
    '/servers?search=nothing',
    '/servers?operations=open',
    '/servers/new',
    '/servers/01900000-0000-7000-8000-000000000000',
    '/operations?state=finished',
    '/account',
    '/admin/nodes',
    '/admin/nodes/new',
    '/admin/templates',
    '/admin/templates/new',
    '/admin/templates/import',
    '/admin/locations',
    '/admin/users',
    '/admin/audit',
    '/no-such-page',
  ])('has nothing at %s that keeps people out, wide or narrow', async (path) => {
    for (const width of widths) {
      await resize(page, width)
      await page.goto(new URL(path, stack.url).href)
      await page.getByRole('heading', { level: 1 }).waitFor()

      await expectUsableAt(page, width)
    }
    await resize(page, widths[0])
  })

  test('shows what others do as it happens, without asking for it', async () => {
    const asked: string[] = []
    const note = (request: Request) => {
      const { pathname } = new URL(request.url())
      if (request.method() === 'GET') asked.push(pathname)
    }
    page.on('request', note)
    const streamed = page.waitForResponse((response) => response.url().includes('/api/events'))
    await page.goto(new URL('/servers', stack.url).href)
    await streamed
    asked.length = 0
    // Once the stream is open the page asks a last time, for what changed before it was.
    await until(() => asked.includes('/api/servers') && asked.includes('/api/operations'), 'it')
    await page.waitForLoadState('load')
    const { token } = await panelCaller(stack.url, '')(auth.login, admin)
    const other = panelCaller(stack.url, token)
    const serverId = (await other(servers.list, { search: 'Trains' }))[0]?.id
    if (serverId === undefined) throw new Error('there is no server')
    asked.length = 0

    await other(servers.update, { serverId, name: 'Trains of others' })
    await page.getByRole('link', { name: 'Trains of others' }).waitFor()

    expect(asked).toEqual([])
    page.off('request', note)
    await other(servers.update, { serverId, name: 'Trains' })
  })

  test('lists the operations of a server by kind', async () => {
    await page.goto(new URL('/', stack.url).href)
    await page.getByRole('link', { name: 'Trains' }).first().click()
    await page.getByRole('link', { name: 'Operations' }).last().click()
    await page.getByRole('article', { name: 'Install' }).waitFor()
    await page.getByLabel('Kind').selectOption({ label: 'Start' })
    await page.getByRole('article', { name: 'Install' }).waitFor({ state: 'detached' })
    await page.getByRole('article', { name: 'Start' }).first().waitFor()
  })

  test('suspends what was chosen in the list, with the reason, and gives it back', async () => {
    await page.goto(new URL('/servers', stack.url).href)
    await page.getByLabel('Choose Trains').check()
    await button('Actions').click()
    await page.getByRole('menuitem', { name: 'Suspend', exact: true }).click()
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.getByLabel('Reason').fill('Invoice 42 is not paid')
    expect(await accessibilityBreaches(page)).toEqual([])
    await button('Suspend 1 server').click()
    await page.getByRole('listitem').getByText('Suspended').waitFor()
    await page.getByRole('link', { name: 'Trains' }).first().click()
    await see('Invoice 42 is not paid')
    expect(await power('Start').getAttribute('aria-disabled')).toBe('true')

    await tab('Settings').click()
    await button('Lift the suspension').click()
    await see(/^Stopped$/)
    await power('Start').click()
    await see(/^Running$/)
  })

  test('disables an account and gives it back', async () => {
    await page.goto(new URL('/admin/users', stack.url).href)
    await button('Create an account').click()
    await page.getByLabel('Name').fill('Bob')
    await page.getByLabel('E-mail').fill('bob@example.org')
    await page.getByLabel('Password').first().fill('a long enough one')
    await button('Create').click()
    await button('Change Bob').click()
    await page.getByText('Disabled', { exact: true }).click()
    await button('Save').click()
    await page.getByRole('row', { name: /Bob/ }).getByText('Disabled').waitFor()
  })

  test('stops it and deletes it after its name was typed', async () => {
    await page.goto(new URL('/', stack.url).href)
    await page.getByRole('link', { name: 'Trains' }).first().click()
    await power('Stop').click()
    await see(/^Stopped$/)

    await tab('Settings').click()
    await button(/^Delete/)
      .first()
      .click()
    await page.getByRole('dialog').getByRole('textbox').fill('Trains')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Delete/ })
      .click()

    await page.waitForURL((url) => !url.pathname.includes('settings'))
    await page.goto(new URL('/', stack.url).href)
    await page.getByRole('link', { name: 'Trains' }).first().waitFor({ state: 'detached' })
  })

  test('shows the API reference without asking any other host', async () => {
    await page.goto(new URL('/', stack.url).href)
    const address = await page.getByRole('link', { name: /^API .*new tab/ }).getAttribute('href')
    await page.goto(new URL(address ?? '', stack.url).href)

    await page.getByRole('heading', { name: 'Catalyst' }).first().waitFor()
  })

  test('met no error and no foreign host on the way', () => {
    expect(complaints).toEqual([])
  })
})

/** Looks at every frame where an element is. @returns whether it has left its place since, and stops looking */
async function watchPlace(page: Page, selector: string): Promise<() => Promise<boolean>> {
  await page.locator(selector).waitFor()
  const watch = await page.evaluateHandle((it) => {
    const place = () => document.querySelector(it)?.getBoundingClientRect().top
    const before = place()
    const seen = { moved: false, over: false }
    const look = () => {
      seen.moved ||= place() !== before
      if (!seen.over) requestAnimationFrame(look)
    }
    look()
    return seen
  }, selector)
  return () =>
    watch.evaluate((seen) => {
      seen.over = true
      return seen.moved
    })
}
