import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { allocations } from '../../contract/api/allocations.ts'
import { nodes as nodeEndpoints } from '../../contract/api/nodes.ts'
import { pools } from '../../contract/api/pools.ts'
import { servers } from '../../contract/api/servers.ts'
import { nodes } from '../../worker/db/schema/fleet.ts'
import { allocations as rows, servers as serverRows } from '../../worker/db/schema/servers.ts'
import { aPool } from '../support/pool-inputs.ts'
import { sharedServer } from './shared-server.ts'

/** A server that may have ten ports, on a node whose own range is one port, which is taken. */
async function aServer() {
  const shared = await sharedServer()
  const { w, serverId, nodeId } = shared
  const limit = { allocationLimit: 10 }
  await w.deps.db.update(serverRows).set(limit).where(eq(serverRows.id, serverId))
  await w.deps.db.update(rows).set({ port: 21_000, containerPort: 21_000 })
  await w.deps.db.update(nodes).set({ portFrom: 21_000, portTo: 21_000 })
  return { ...shared, nodeId, limit }
}

describe('what a node gives away', () => {
  test('is added as ranges, each once, and none is taken apart into its addresses', async () => {
    const { admin, nodeId } = await aServer()
    const body = {
      nodeId,
      addresses: ['192.0.2.1', '198.51.100.9/24', '2001:DB8::/64', '198.51.100.0/24'],
      ports: ['25565', '27000-27009'],
      alias: 'front',
    }

    const first = await admin.call(pools.create, body)
    const again = await admin.call(pools.create, body)

    expect(first.created).toBe(6)
    expect(again.created).toBe(0)
    expect(again.pools.map(({ cidr }) => cidr)).toEqual([
      ...['192.0.2.1', '192.0.2.1'],
      ...['198.51.100.0/24', '198.51.100.0/24'],
      ...['2001:db8::/64', '2001:db8::/64'],
    ])
    expect(again.pools.map(({ size }) => size)).toEqual([1, 10, 256, 2560, 2 ** 64, 10 * 2 ** 64])
    expect(again.pools[0]).toMatchObject({ portFrom: 25_565, portTo: 25_565, selfService: true })
    expect(again.pools[0]).toMatchObject({ alias: 'front', used: 0 })
  })

  test.each([
    ['a range that holds the address for all', { addresses: ['0.0.0.0/0'] }, ['addresses', '0']],
    ['the same of IPv6', { addresses: ['192.0.2.1', '::/0'] }, ['addresses', '1']],
    ['a name', { addresses: ['node.example.org'] }, ['addresses', '0']],
    ['ports that only root may have', { ports: ['80'] }, ['ports', '0']],
    ['a range that goes down', { ports: ['3000-2000'] }, ['ports', '0']],
    ['public ports beyond the last', { publicPortFrom: 65_530 }, ['publicPortFrom']],
    [
      'public ports that would meet',
      { ports: ['2000', '3000'], publicPortFrom: 1 },
      ['publicPortFrom'],
    ],
    ['too many at once', { ports: Array.from({ length: 501 }, () => '2000') }, ['ports']],
  ])('is not %s', async (_what, change, path) => {
    const { admin, nodeId } = await aServer()
    const body = { nodeId, addresses: ['192.0.2.1'], ports: ['27000-27009'] }

    const failure = await admin.fails(pools.create, { ...body, ...change })

    expect(failure).toMatchObject({ code: 'invalid_input' })
    expect(JSON.stringify(failure.details)).toContain(JSON.stringify(path))
    expect(await admin.call(pools.list, { nodeId })).toEqual([])
  })

  test('is another node’s only there, and goes while servers keep what they have of it', async () => {
    const { w, owner, admin, serverId, nodeId } = await aServer()
    const poolId = await aPool(w, nodeId)
    const other = await w.addNode()
    const taken = await owner.call(allocations.create, { serverId })

    const [pool] = await admin.call(pools.list, { nodeId })
    const wrong = await admin.fails(pools.delete, { nodeId: other.id, poolId })
    await admin.call(pools.delete, { nodeId, poolId })

    expect(taken).toMatchObject({ ip: '192.0.2.1', hostPort: 27_000 })
    expect(pool).toMatchObject({ id: poolId, size: 11, used: 1 })
    expect(wrong.code).toBe('not_found')
    expect(await owner.call(allocations.list, { serverId })).toHaveLength(2)
    expect((await owner.fails(allocations.create, { serverId })).code).toBe('no_free_port')
  })
})

describe('an owner', () => {
  test('sees what is offered, and takes of it what they name or what is free', async () => {
    const { w, owner, serverId, nodeId } = await aServer()
    await aPool(w, nodeId, { cidr: '2001:db8::/64', alias: 'IPv6' })
    await aPool(w, nodeId, { selfService: false })

    const offers = await owner.call(allocations.offers, { serverId })
    const named = await owner.call(allocations.create, {
      serverId,
      ...{ ip: '2001:db8::5', hostPort: 27_005 },
    })
    const free = await owner.call(allocations.create, { serverId })
    const hidden = await owner.fails(allocations.create, { serverId, ip: '192.0.2.1' })

    expect(offers).toEqual([
      { cidr: '0.0.0.0', portFrom: 21_000, portTo: 21_000, alias: null },
      { cidr: '2001:db8::/64', portFrom: 27_000, portTo: 27_010, alias: 'IPv6' },
    ])
    expect(named).toMatchObject({ ip: '2001:db8::5', hostPort: 27_005 })
    expect(free).toMatchObject({ ip: '2001:db8::', hostPort: 27_000 })
    expect(hidden.code).toBe('port_not_offered')
  })

  test('gets the next address when one is full, of however many there are', async () => {
    const { w, owner, serverId, nodeId } = await aServer()
    await aPool(w, nodeId, { cidr: '10.0.0.0/8', portFrom: 25_565, portTo: 25_565 })

    const ips = []
    for (let taken = 0; taken < 3; taken += 1) {
      ips.push((await owner.call(allocations.create, { serverId })).ip)
    }
    expect(ips).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2'])

    await w.deps.db.update(rows).set({ ip: '0.0.0.0' }).where(eq(rows.ip, '10.0.0.0'))
    const failure = await owner.fails(allocations.create, { serverId })
    expect(failure.code).toBe('no_free_port')
  })
})

describe('behind NAT, a tunnel or a proxy', () => {
  test('a port has the public place that its pool says, until somebody says another', async () => {
    const { w, owner, admin, serverId, nodeId } = await aServer()
    const publicly = { publicHost: 'tunnel.example.org', publicPortFrom: 5000 }
    const poolId = await aPool(w, nodeId, publicly)

    const { id } = await owner.call(allocations.create, {
      serverId,
      ...{ ip: '192.0.2.1', hostPort: 27_003 },
    })
    await admin.call(pools.update, { nodeId, poolId, publicHost: 'other.example.org' })
    const [, before] = await owner.call(allocations.list, { serverId })
    await owner.call(allocations.makePrimary, { serverId, allocationId: id })
    const changed = await admin.call(nodeEndpoints.updateAllocation, {
      ...{ nodeId, allocationId: id },
      ...{ publicHost: '203.0.113.9', publicPort: 443, alias: 'front' },
    })

    expect(before?.connection).toEqual({ host: 'tunnel.example.org', port: 5003 })
    expect(changed).toMatchObject({ port: 27_003, publicHost: '203.0.113.9', alias: 'front' })
    const server = await owner.call(servers.get, { serverId })
    expect(server).toMatchObject({
      primaryPort: 27_003,
      connection: { host: '203.0.113.9', port: 443 },
    })
    const told = w.node(nodeId).pushes.at(-1)?.server.spec.ports
    expect(told).toContainEqual({
      ...{ ip: '192.0.2.1', hostPort: 27_003, containerPort: 27_003, protocol: 'udp' },
    })
  })

  test('only an administrator says so, of a port of that node', async () => {
    const { w, owner, admin, serverId, nodeId } = await aServer()
    const [port] = await owner.call(allocations.list, { serverId })
    const allocationId = port?.id ?? ('' as never)
    const given = { nodeId, allocationId, publicHost: 'here.example.org' }

    const refused = await owner.fails(nodeEndpoints.updateAllocation, given)
    const other = await w.addNode()
    const elsewhere = { ...given, nodeId: other.id }

    expect(refused.code).toBe('forbidden')
    expect((await admin.fails(nodeEndpoints.updateAllocation, elsewhere)).code).toBe('not_found')
  })
})
