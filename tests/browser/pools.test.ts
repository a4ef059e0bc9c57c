import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allocations } from '../../contract/api/allocations.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { pools } from '../../contract/api/pools.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { NodeId } from '../../contract/ids.ts'
import { expectUsable, openBrowser } from '../support/browser.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'

describe('ports of a node in the panel', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let nodeId: NodeId
  const complaints: string[] = []

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const go = (path: string) => page.goto(new URL(path, stack.url).href)

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    browser = await openBrowser()
    const node = await stack.call(nodes.create, { name: 'Away', publicAddress: 'play.example.org' })
    nodeId = node.id
    await stack.call(templates.create, {
      ...{ name: 'Game', image: 'registry.example/game:1', startup: './game' },
    })
    page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    await go(`/admin/nodes/${nodeId}`)
    await page.getByLabel('E-mail').fill(admin.email)
    await page.getByLabel('Password').first().fill(admin.password)
    await button('Sign in').click()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  test('are given away as lists and ranges, with the place where players find them', async () => {
    await button('Add addresses and ports').click()
    await field('Addresses').fill('192.0.2.0/30, 2001:db8::1')
    await field('Ports').fill('80')
    await button('Add them').click()
    await page.getByText('Ports go from 1024 to 65535.').waitFor()
    await field('Ports').fill('27000-27009')
    await field('Public host').fill('tunnel.example.org')
    await field('First public port').fill('5000')
    await expectUsable(page)
    await button('Add them').click()

    const table = page.getByRole('table', { name: 'Addresses and ports to give away' })
    await table.getByText('192.0.2.0/30').waitFor()
    await table.getByText('0 of 40').waitFor()
    await expectUsable(page)
    expect(await stack.call(pools.list, { nodeId })).toMatchObject([
      { cidr: '192.0.2.0/30', publicHost: 'tunnel.example.org', publicPortFrom: 5000 },
      { cidr: '2001:db8::1', portFrom: 27_000, portTo: 27_009, selfService: true },
    ])
  })

  test('are kept for administrators where that is said', async () => {
    await button('Edit ports 27000 to 27009 on 2001:db8::1').click()
    await page.getByLabel('Owners take from it by themselves').uncheck()
    await button('Save').last().click()

    await page.getByRole('cell', { name: 'Administrators' }).waitFor()
  })

  test('are asked for by a new server, as many as it needs', async () => {
    await go('/servers/new')
    await page.getByLabel('Name').fill('Trains')
    await page.getByLabel('Port', { exact: true }).fill('25565')
    await button('Add a port').click()
    const more = page.getByRole('group', { name: 'Additional port 1' })
    await more.getByLabel('Protocol').selectOption({ label: 'UDP' })
    await more.getByLabel('In the container').fill('27015')
    await more.getByLabel('Variable').fill('QUERY_PORT')
    await page.getByLabel('Ports its owner may have').fill('4')
    await expectUsable(page)
    // No agent has joined, so the node has to be named.
    await page.getByLabel('Node', { exact: true }).selectOption({ index: 1 })
    await button('Create and install').click()
    await page.getByRole('heading', { name: 'Trains' }).waitFor()

    const [made] = (await stack.call(servers.list, {})) as never as { id: never }[] // one page
    const ports = await stack.call(allocations.list, { serverId: made?.id as never })
    expect(ports).toMatchObject([
      { hostPort: 25_565, containerPort: 25_565, protocol: 'both', isPrimary: true },
      { hostPort: 20_000, containerPort: 27_015, protocol: 'udp', variable: 'QUERY_PORT' },
    ])
  })

  test('in use are shown with whose they are, and with a public place of their own', async () => {
    await go(`/admin/nodes/${nodeId}`)
    await button('Edit 0.0.0.0:25565').click()
    await field('Public host').fill('203.0.113.9')
    await field('Public port').fill('443')
    await expectUsable(page)
    await button('Save').last().click()

    const row = page.getByRole('row').filter({ hasText: '0.0.0.0:25565' })
    await row.getByText('203.0.113.9:443').waitFor()
    await row.getByRole('link', { name: 'Trains' }).click()
    await page.getByText('203.0.113.9:443').waitFor()
  })

  test('are all taken for new servers while the node is in maintenance', async () => {
    await go(`/admin/nodes/${nodeId}`)
    await page.getByLabel('Memory over').fill('1.5')
    await page.getByLabel('Tags').fill('ssd eu')
    await page.getByLabel('In maintenance').check()
    await expectUsable(page)
    await button('Save').click()

    await page.getByText('In maintenance: no new server comes here').waitFor()
    expect(await stack.call(nodes.get, { nodeId })).toMatchObject({
      ...{ memoryOvercommit: 1.5, tags: ['ssd', 'eu'], maintenance: true },
    })
    expect(complaints).toEqual([])
  })
})
