import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { allocations } from '../../contract/api/allocations.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { pools } from '../../contract/api/pools.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { ServerId } from '../../contract/ids.ts'
import { accessibilityBreaches, expectUsable, openBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { admin, removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const ada = { name: 'Ada', email: 'ada@example.org', password: 'a long enough password' }

describe('the Network tab of a server', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let serverId: ServerId
  const complaints: string[] = []

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const rowOf = (port: string) =>
    page.getByRole('table', { name: 'Ports' }).getByRole('row').filter({ hasText: port })

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    browser = await openBrowser()
    const { id: ownerId } = await stack.call(users.create, ada)
    const node = await stack.call(nodes.create, { name: 'Away', publicAddress: 'play.example.org' })
    await stack.call(pools.create, {
      ...{ nodeId: node.id, addresses: ['2001:db8::1'], ports: ['27000-27009'] },
    })
    const template = await stack.call(templates.create, {
      ...{ name: 'Game', image: 'registry.example/game:1', startup: './game' },
    })
    const given = {
      ...{ ownerId, nodeId: node.id, templateId: template.id },
      ...{ allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 },
    }
    const trains = { name: 'Trains', primaryPort: 25_000, allocationLimit: 3 }
    serverId = (await stack.call(servers.create, { ...given, ...trains })).id
    await stack.call(servers.create, { ...given, name: 'Boats', primaryPort: 25_001 })
    page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(new URL(`/servers/${serverId}/network`, stack.url).href)
    await page.getByLabel('E-mail').fill(ada.email)
    await page.getByLabel('Password').first().fill(ada.password)
    await button('Sign in').click()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    removeStack(stack.dataDir)
  })

  test('shows the port that the server has, and how many it may have', async () => {
    await rowOf('play.example.org:25000').getByText('Primary', { exact: true }).waitFor()
    await page.getByText('1 of 3 ports').waitFor()
    await expectUsable(page)
  })

  test('says which server has a port already', async () => {
    await button('Add a port').click()
    await page.getByText('Offered: 0.0.0.0 (20000 to 29999), 2001:db8::1 (27000 to').waitFor()
    await page.getByLabel('Port of the node').fill('25001')
    await expectUsable(page)
    await button('Add the port').click()

    await page.getByText('The server “Boats” has 0.0.0.0:25001 on this node').waitFor()
  })

  test('adds a port for one protocol, at another port of the container', async () => {
    await page.getByLabel('Port of the node').fill('25010')
    await page.getByLabel('Port in the container').fill('27015')
    await page.getByLabel('Protocol').selectOption({ label: 'UDP' })
    await page.getByLabel('Name').fill('query')
    await page.getByLabel('Variable').fill('QUERY_PORT')
    await button('Add the port').click()

    const row = rowOf('play.example.org:25010')
    await row.getByText('QUERY_PORT').waitFor()
    expect(await row.getByText('UDP', { exact: true }).count()).toBe(1)
    await page.getByText('2 of 3 ports').waitFor()
    const [, query] = await stack.call(allocations.list, { serverId })
    expect(query).toMatchObject({
      ...{ hostPort: 25_010, containerPort: 27_015, protocol: 'udp' },
      ...{ alias: 'query', variable: 'QUERY_PORT', notes: null },
    })
    await expectUsable(page)
  })

  test('leaves the choice of a port to the panel, up to the limit', async () => {
    await button('Add a port').click()
    await button('Add the port').click()

    await rowOf('play.example.org:20000').waitFor()
    expect(await button('Add a port').getAttribute('aria-disabled')).toBe('true')
    await button('Add a port').hover()
    await page.getByText('as many ports as it may have').waitFor()
  })

  test('changes what is said of a port', async () => {
    await button('Edit port 20000').click()
    await page.getByLabel('Notes').fill('for the map')
    await button('Save').click()

    await rowOf('play.example.org:20000').getByText('for the map').waitFor()
  })

  test('makes another port primary, and removes the one before', async () => {
    await button('Make primary: port 25010').click()
    await rowOf('play.example.org:25010').getByText('Primary', { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Trains' }).waitFor()
    const remove = rowOf('play.example.org:25000').getByRole('button', { name: 'Remove' })
    await remove.hover()
    await page.mouse.down()
    await page.waitForTimeout(1200)
    await page.mouse.up()

    await rowOf('play.example.org:25000').waitFor({ state: 'detached' })
    const list = await stack.call(allocations.list, { serverId })
    expect(list.map(({ hostPort, isPrimary }) => [hostPort, isPrimary])).toEqual([
      [25_010, true],
      [20_000, false],
    ])
    expect(complaints).toEqual([])
  })
})

describe('the Network tab of a server that runs', () => {
  let stack: Stack
  let browser: Browser
  let serverId: ServerId
  const server = () => stack.call(servers.get, { serverId })
  const becomes = (status: string) =>
    until(async () => ((await server()).status === status ? true : null), status, 60_000)

  beforeAll(async () => {
    stack = await startStack({ args: ['--demo'] })
    browser = await openBrowser()
    const [template] = await stack.call(templates.list, {})
    const made = await stack.call(servers.create, {
      ...{ name: 'Trains', templateId: template?.id ?? ('' as never) }, // the call fails on it
      ...{ allocatedMemoryMb: 256, allocatedCpuCores: 1, allocatedDiskMb: 512 },
      primaryPort: await freePort(),
    })
    serverId = made.id
    await becomes('stopped')
    await stack.call(servers.start, { serverId })
    await becomes('running')
  })
  afterAll(async () => {
    await browser.close()
    await stack.call(servers.delete, { serverId })
    const isGone = async () => ((await server().catch(() => null)) === null ? true : null)
    await until(isGone, 'deletion', 60_000)
    await stack.stop()
    removeStack(stack.dataDir)
  })

  test('tells what is wanted and not bound, until a restart has bound it', async () => {
    const hostPort = await freePort()
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(30_000)
    await page.goto(new URL(`/servers/${serverId}/network`, stack.url).href)
    await page.getByLabel('E-mail').fill(admin.email)
    await page.getByLabel('Password').first().fill(admin.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const table = page.getByRole('table', { name: 'Ports' })
    await table.getByText('Bound').waitFor()

    await stack.call(allocations.create, { serverId, hostPort, containerPort: 7777 })

    await table.getByText('At the next start').waitFor()
    await page.getByText(`0.0.0.0:${hostPort} → 7777/udp`).waitFor()
    expect(await accessibilityBreaches(page)).toEqual([])
    await page.getByRole('button', { name: 'Restart now to change them' }).click()
    await page.getByText('The next start changes the ports').waitFor({ state: 'detached' })
    await until(async () => ((await table.getByText('Bound').count()) === 2 ? true : null), 'both')
    const bound = (await server()).observedPorts.filter((one) => one.hostPort === hostPort)
    expect(bound.map(({ containerPort, protocol }) => [containerPort, protocol]).sort()).toEqual([
      [7777, 'tcp'],
      [7777, 'udp'],
    ])
  })
})
