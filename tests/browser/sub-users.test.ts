import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { locations, nodes } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { ServerId } from '../../contract/ids.ts'
import { expectUsable, openBrowser } from '../support/browser.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'

const ada = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }
const bob = { name: 'Bob', email: 'bob@example.org', password: 'quite another password' }

/** In how much time a change of rights has to be seen everywhere. Milliseconds. */
const soon = 2000

describe('sharing a server in the panel', () => {
  let stack: Stack
  let browser: Browser
  let owner: Page
  let guest: Page
  let serverId: ServerId
  let link: string
  const complaints: string[] = []

  const openPage = async (context?: BrowserContext) => {
    const page = await (context ?? (await browser.newContext())).newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    return page
  }
  const go = (page: Page, path: string) => page.goto(new URL(path, stack.url).href)
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const startOf = (page: Page) =>
    page.getByRole('group', { name: 'Power' }).getByRole('button', { name: 'Start', exact: true })
  /** The link in an open dialog, which is there once. */
  const shownLink = async (page: Page) =>
    (await page.getByRole('dialog').getByRole('status').locator('pre').textContent()) ?? ''
  const hold = async (page: Page, name: string) => {
    await button(page, name).hover()
    await page.mouse.down()
    await page.waitForTimeout(1200)
    await page.mouse.up()
  }

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    browser = await openBrowser()
    const { id: ownerId } = await stack.call(users.create, ada)
    const [location] = await stack.call(locations.list, {})
    const node = await stack.call(nodes.create, {
      ...{ name: 'Away', publicAddress: 'node.example.org' },
      ...(location === undefined ? {} : { locationId: location.id }),
    })
    const template = await stack.call(templates.create, {
      ...{ name: 'Game', image: 'registry.example/game:1', startup: './game' },
    })
    const made = await stack.call(servers.create, {
      ...{ name: 'Trains', ownerId, nodeId: node.id, templateId: template.id },
      ...{ allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 },
    })
    serverId = made.id
    owner = await openPage()
    guest = await openPage()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  test('an owner invites somebody, and is shown the link once', async () => {
    await go(owner, `/servers/${serverId}/users`)
    await owner.getByLabel('E-mail').fill(ada.email)
    await owner.getByLabel('Password').first().fill(ada.password)
    await button(owner, 'Sign in').click()
    await button(owner, 'Invite somebody').click()
    await owner.getByLabel('E-mail').fill(bob.email)
    await owner.getByLabel('Access', { exact: true }).selectOption({ label: 'Power' })
    await expectUsable(owner)
    await button(owner, 'Invite').click()
    await owner.getByText(`Pass this link on to ${bob.email}`).waitFor()
    link = await shownLink(owner)
    await button(owner, 'Done').click()

    expect(link).toMatch(/\/server-invite#\S{20,}$/)
    await owner.getByRole('table', { name: 'Invitations' }).getByText(bob.email).waitFor()
    expect(await owner.content()).not.toContain(link.split('#')[1])
    await expectUsable(owner)
  })

  test('whoever has the link sees what it offers, makes an account and is on the server', async () => {
    await guest.goto(link)
    await guest.getByText('shares the server').waitFor()
    expect(guest.url()).not.toContain('#')
    await expectUsable(guest)
    await button(guest, 'Create an account').click()
    await guest.getByLabel('Name').fill(bob.name)
    await guest.getByLabel('Password').first().fill(bob.password)
    await expectUsable(guest)
    await button(guest, 'Create the account and accept').click()

    await guest.getByRole('heading', { name: 'Trains' }).waitFor()
    await startOf(guest).waitFor()
    expect(await guest.getByRole('link', { name: 'Settings' }).count()).toBe(0)
    await owner.getByRole('table', { name: 'People' }).getByText(bob.email).waitFor()
  })

  test('the list of servers marks what is shared, and narrows to it by the address', async () => {
    await go(guest, '/servers?access=shared')
    await guest.getByText('Ada shares it with you').waitFor()
    expect(await guest.getByLabel('Whose').inputValue()).toBe('shared')
    await guest.getByLabel('Whose').selectOption('own')
    await guest.getByText('No server matches').waitFor()
    expect(guest.url()).toContain('access=own')
  })

  test('a right that is taken away is gone from the open page at once', async () => {
    await go(guest, `/servers/${serverId}`)
    const start = startOf(guest)
    await start.waitFor()
    await owner.getByRole('button', { name: 'Change the access of Bob' }).click()
    await owner.getByLabel('Access', { exact: true }).selectOption({ label: 'Read only' })
    await expectUsable(owner)
    await button(owner, 'Save').click()
    await owner.getByText('it holds at once').waitFor()

    await start.waitFor({ state: 'detached', timeout: soon })
    await guest.getByRole('link', { name: 'Users' }).click()
    await guest.getByRole('region', { name: 'Your access' }).getByText('Read the console').waitFor()
    await expectUsable(guest)
  })

  test('the owner reads what was done to the server, and by whom', async () => {
    await owner.getByRole('link', { name: 'Activity' }).click()
    const entries = owner.getByRole('table', { name: 'Activity' })
    const joined = entries.getByRole('row').filter({ hasText: 'Accepted an invitation' })
    await joined.getByText(bob.name).waitFor()
    await entries.getByText('Changed somebody’s access').waitFor()
    expect(await guest.getByRole('link', { name: 'Activity' }).count()).toBe(0)
    await expectUsable(owner)
  })

  test('an owner offers the server, and it is the guest’s once they accept', async () => {
    await go(owner, `/servers/${serverId}/settings`)
    await button(owner, 'Give the server away').click()
    await owner.getByLabel('E-mail of the new owner').fill(bob.email)
    await expectUsable(owner)
    await button(owner, 'Offer it').click()
    const offer = await shownLink(owner)
    await button(owner, 'Done').click()
    await guest.goto(offer)
    await guest.getByText('offers you the server').waitFor()
    await button(guest, 'Accept').click()

    await guest.getByRole('link', { name: 'Settings' }).waitFor()
    await owner.getByText('There is no such server').waitFor({ timeout: soon })
  })

  test('the new owner invites the old one, who leaves by themself', async () => {
    await go(guest, `/servers/${serverId}/users`)
    await button(guest, 'Invite somebody').click()
    await guest.getByLabel('E-mail').fill(ada.email)
    await button(guest, 'Invite').click()
    const back = await shownLink(guest)
    await button(guest, 'Done').click()
    await owner.goto(back)
    await button(owner, 'Accept').click()
    await owner.getByRole('link', { name: 'Users' }).last().click()
    await hold(owner, 'Leave the server')

    await owner.waitForURL((url) => url.pathname === '/servers')
    await owner.getByText('No servers yet').waitFor()
  })

  test('a link that was used, or is none, says so', async () => {
    await guest.goto(link)
    await guest.getByText('The invitation was used').waitFor()
    await expectUsable(guest)
    await go(guest, '/server-invite')
    await guest.getByText('the part after').waitFor()
    await expectUsable(guest)
  })

  test('met no error on the way', () => {
    expect(complaints).toEqual([])
  })
})
