import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { ServerId } from '../../contract/ids.ts'
import { accessibilityBreaches, openBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { ensureTestImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'

const ann = { name: 'Ann', email: 'ann@example.org', password: 'a long enough password' }

/** In how much time what one person does has to be seen by another. Milliseconds. */
const soon = 2000

describe('a suspension, seen by staff and by the owner at once', () => {
  let stack: Stack
  let browser: Browser
  let staff: Page
  let owner: Page
  let serverId: ServerId
  const complaints: string[] = []
  const askedByOwner: string[] = []
  let loads = 0

  beforeAll(async () => {
    stack = await startStack()
    browser = await openBrowser()
    const { id: ownerId } = await stack.call(users.create, ann)
    const template = await stack.call(templates.create, {
      ...{ name: 'Echo', image: await ensureTestImage(), stopGraceSeconds: 1 },
      startup: `busybox sh -c 'echo the game is up; exec busybox cat'`,
      startupMode: 'argv',
    })
    const made = await stack.call(servers.create, {
      ...{ name: 'Echoes', ownerId, templateId: template.id, primaryPort: await freePort() },
      ...{ allocatedMemoryMb: 64, allocatedCpuCores: 0.1, allocatedDiskMb: 64 },
    })
    serverId = made.id
    const state = async () => (await stack.call(servers.get, { serverId })).state
    await until(async () => (await state()) === 'stopped', 'the installation', 40_000)
    owner = await openPage(await browser.newContext())
    owner.on('request', (request) => askedByOwner.push(new URL(request.url()).pathname))
    owner.on('load', () => {
      loads += 1
    })
    staff = await openPage(await browser.newContext())
    await signIn(owner, `/servers/${serverId}`, ann)
    await signIn(staff, `/servers/${serverId}/settings`, admin)
  })
  afterAll(async () => {
    try {
      await browser.close()
      await stack.call(servers.delete, { serverId })
      const all = async () => (await stack.call(servers.list, {})) as readonly unknown[] // one page
      await until(async () => (await all()).length === 0, 'deletion', 40_000)
    } finally {
      await stack.stop()
      removeStack(stack.dataDir)
    }
  })

  const openPage = async (context: BrowserContext) => {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    return page
  }
  const signIn = async (page: Page, path: string, who: typeof admin) => {
    await page.goto(new URL(path, stack.url).href)
    await page.getByLabel('E-mail').fill(who.email)
    await page.getByLabel('Password').first().fill(who.password)
    await button(page, 'Sign in').click()
    await page.getByRole('heading', { name: 'Echoes' }).waitFor()
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const power = (page: Page, name: string) =>
    page.getByRole('group', { name: 'Power' }).getByRole('button', { name, exact: true })
  const tab = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'Server', exact: true }).getByRole('link', { name })
  const banner = () => owner.getByRole('alert').filter({ hasText: 'This server is suspended' })
  const line = (text: string) => owner.locator('.xterm-rows').getByText(text)
  const consoleIsAskedFor = () =>
    askedByOwner.filter((path) => path.endsWith('/socket') || path.endsWith('/logs'))

  test('the owner sees reason and disabled controls within two seconds, on the page that is open', async () => {
    await power(owner, 'Start').click()
    await line('the game is up').waitFor()
    await owner.getByLabel('Console command').fill('hello')
    await button(staff, 'Suspend').click()
    await staff.getByLabel('Reason').fill('Invoice 42 is not paid')
    loads = 0
    await button(staff, 'Stop and suspend').click()
    await staff.getByText('Suspended', { exact: true }).first().waitFor()

    await banner().getByText('Invoice 42 is not paid').waitFor({ timeout: soon })
    for (const control of [power(owner, 'Start'), power(owner, 'Restart')]) {
      expect(await control.getAttribute('aria-disabled')).toBe('true')
      expect(await control.getAttribute('aria-description')).toContain('Invoice 42 is not paid')
    }
    const input = owner.getByLabel('Console command')
    expect(await input.getAttribute('readonly')).not.toBeNull()
    expect(await input.inputValue()).toBe('hello')
    expect(loads).toBe(0)
  })

  test('what the owner has read stays, and the page asks for no more of it', async () => {
    askedByOwner.length = 0
    await line('the game is up').waitFor()
    await tab(owner, 'Operations').click()
    await tab(owner, 'Console').click()

    expect(await button(owner, 'Load older lines').getAttribute('aria-disabled')).toBe('true')
    expect(await accessibilityBreaches(owner)).toEqual([])
    expect(consoleIsAskedFor()).toEqual([])
  })

  test('the settings and the way to share say why nothing can be changed', async () => {
    await tab(owner, 'Settings').click()
    const names = ['Save', 'Install again', 'Give the server away', 'Delete the server']
    for (const name of names) {
      const control = button(owner, name).first()
      expect(await control.getAttribute('aria-description'), name).toContain('Invoice 42')
    }
    expect(await accessibilityBreaches(owner)).toEqual([])
    await tab(owner, 'Users').click()
    const invite = button(owner, 'Invite somebody')
    expect(await invite.getAttribute('aria-description')).toContain('Invoice 42')
  })

  test('a page that is opened meanwhile says that the console is closed', async () => {
    askedByOwner.length = 0
    await owner.goto(new URL(`/servers/${serverId}`, stack.url).href)
    await owner.getByText('The console is closed while the server is suspended.').waitFor()

    expect(await owner.getByText('Connecting…').count()).toBe(0)
    expect(consoleIsAskedFor()).toEqual([])
  })

  test('staff go on reading the console, and cannot type into it', async () => {
    await tab(staff, 'Console').click()
    await staff.locator('.xterm-rows').getByText('the game is up').waitFor()
    expect(await staff.getByLabel('Console command').getAttribute('readonly')).not.toBeNull()
  })

  test('it is lifted on the open page too, which shows the console again', async () => {
    await tab(staff, 'Settings').click()
    loads = 0
    await button(staff, 'Lift the suspension').click()
    await button(staff, 'Suspend').waitFor()

    await banner().waitFor({ state: 'detached', timeout: soon })
    await line('the game is up').waitFor()
    await power(owner, 'Start').click()
    await owner.getByText('Running', { exact: true }).first().waitFor()
    await owner.getByLabel('Console command').fill('hello again')
    await owner.keyboard.press('Enter')
    await line('hello again').first().waitFor()
    expect(loads).toBe(0)
    expect(complaints).toEqual([])
  })
})
