import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { allocations } from '../../contract/api/allocations.ts'
import { audit } from '../../contract/api/audit.ts'
import { nodes as nodeEndpoints } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { allocations as rows, servers as serverRows } from '../../worker/db/schema/servers.ts'
import { sharedServer } from './shared-server.ts'

/** A server on 21000 that may have `limit` ports. */
async function aServer(limit = 10) {
  const shared = await sharedServer()
  const { w, serverId, nodeId } = shared
  await w.deps.db
    .update(serverRows)
    .set({ allocationLimit: limit })
    .where(eq(serverRows.id, serverId))
  await w.deps.db.update(rows).set({ port: 21_000, containerPort: 21_000 })
  return { ...shared, object: w.node(nodeId) }
}

describe('a server’s ports', () => {
  test('are any number beside the primary one, and its node is told of them', async () => {
    const { owner, serverId, object } = await aServer()

    const query = await owner.call(allocations.create, {
      serverId,
      hostPort: 22_000,
      containerPort: 27_015,
      protocol: 'udp',
      notes: 'for queries',
      alias: 'query',
    })
    const chosen = await owner.call(allocations.create, { serverId })

    expect(query).toMatchObject({ ip: '0.0.0.0', hostPort: 22_000, containerPort: 27_015 })
    expect(query).toMatchObject({ isPrimary: false, notes: 'for queries', alias: 'query' })
    expect(query.connection).toEqual({ host: 'node.example.org', port: 22_000 })
    expect(chosen).toMatchObject({ hostPort: 20_000, containerPort: 20_000, protocol: 'both' })
    const list = await owner.call(allocations.list, { serverId })
    expect(list.map(({ hostPort }) => hostPort)).toEqual([21_000, 20_000, 22_000])
    expect(list.map(({ isPrimary }) => isPrimary)).toEqual([true, false, false])
    const push = object.pushes.at(-1)
    expect(push?.server.generation).toBe(3)
    const udp = { ip: '0.0.0.0', hostPort: 22_000, containerPort: 27_015, protocol: 'udp' }
    expect(push?.server.spec.ports).toHaveLength(5)
    expect(push?.server.spec.ports).toContainEqual(udp)
    const detail = await owner.call(servers.get, { serverId })
    expect(detail.portBindings).toEqual({ 21000: 21_000, 27015: 22_000, 20000: 20_000 })
    expect(detail).toMatchObject({ primaryPort: 21_000, pending: true })
  })

  test('say what a variable of the server is', async () => {
    const { owner, serverId, object } = await aServer()
    const given = { serverId, containerPort: 27_015, variable: 'QUERY_PORT' }

    const { id } = await owner.call(allocations.create, given)
    const twice = await owner.fails(allocations.create, given)
    const reserved = await owner.fails(allocations.create, { ...given, variable: 'SERVER_PORT' })

    const told = () => object.pushes.at(-1)?.server.spec.environment
    expect(told()).toMatchObject({ QUERY_PORT: '27015', SERVER_PORT: '21000' })
    expect(twice).toMatchObject({ code: 'invalid_input', details: [{ path: ['variable'] }] })
    expect(reserved).toMatchObject({ code: 'invalid_input', details: [{ path: ['variable'] }] })
    const change = { serverId, allocation: id, variable: null, notes: 'no more' }
    expect(await owner.call(allocations.update, change)).toMatchObject({ notes: 'no more' })
    expect(told()).not.toHaveProperty('QUERY_PORT')
  })

  test('have one that is primary: another takes its place, and itself it is not removed', async () => {
    const { owner, serverId, object } = await aServer()
    const [first] = await owner.call(allocations.list, { serverId })
    await owner.call(allocations.create, { serverId, hostPort: 22_000, containerPort: 7777 })

    const refused = await owner.fails(allocations.delete, { serverId, allocation: '21000' })
    const list = await owner.call(allocations.makePrimary, { serverId, containerPort: 7777 })

    expect(refused).toMatchObject({ status: 409, code: 'primary_port' })
    expect(list.map(({ hostPort, isPrimary }) => [hostPort, isPrimary])).toEqual([
      [22_000, true],
      [21_000, false],
    ])
    // The game listens in its container; players come by the node's port.
    expect(object.pushes.at(-1)?.server.spec.environment).toMatchObject({ SERVER_PORT: '7777' })
    const detail = await owner.call(servers.get, { serverId })
    expect(detail).toMatchObject({ primaryPort: 22_000, connection: { port: 22_000 } })
    await owner.call(allocations.delete, { serverId, allocation: first?.id ?? '' })
    expect(await owner.call(allocations.list, { serverId })).toHaveLength(1)
    expect(object.pushes.at(-1)?.server.spec.ports.map(({ hostPort }) => hostPort)).toEqual([
      22_000, 22_000,
    ])
  })

  test('are named by a container port only where one alone has it', async () => {
    const { admin, serverId } = await aServer()
    const shared = { serverId, hostPort: 22_000, containerPort: 7777 }
    await admin.call(allocations.create, { ...shared, ip: '192.0.2.1' })
    await admin.call(allocations.create, { ...shared, ip: '2001:DB8:0::1' })

    const both = await admin.fails(allocations.delete, { serverId, allocation: '7777' })
    const none = await admin.fails(allocations.delete, { serverId, allocation: '7778' })

    expect(both).toMatchObject({ status: 409, code: 'in_use' })
    expect(none.code).toBe('not_found')
    const list = await admin.call(allocations.list, { serverId })
    expect(list.map(({ ip }) => ip)).toEqual(['0.0.0.0', '192.0.2.1', '2001:db8::1'])
    expect(list[2]?.connection).toEqual({ host: '2001:db8::1', port: 22_000 })
  })

  test('are shown as bound or not while the server runs', async () => {
    const { w, owner, serverId } = await aServer()
    await owner.call(allocations.create, { serverId, hostPort: 22_000 })
    const boundOf = async () =>
      (await owner.call(allocations.list, { serverId })).map(({ bound }) => bound)

    expect(await boundOf()).toEqual([null, null])
    const made = { ip: '0.0.0.0', hostPort: 21_000, containerPort: 21_000 }
    const observedPorts = (['tcp', 'udp'] as const).map((protocol) => ({ ...made, protocol }))
    await w.deps.db.update(serverRows).set({ state: 'running', observedPorts })
    expect(await boundOf()).toEqual([true, false])
  })

  test('leave an entry in the audit log for each change', async () => {
    const { owner, admin, serverId } = await aServer()
    const { id: allocation } = await owner.call(allocations.create, { serverId, hostPort: 22_000 })
    await owner.call(allocations.update, { serverId, allocation, notes: 'x' })
    await owner.call(allocations.makePrimary, { serverId, allocationId: allocation })
    await owner.call(allocations.delete, { serverId, allocation: '21000' })

    const { items } = await admin.page(audit.list, { targetId: serverId })

    expect(items.map(({ action }) => action).sort()).toEqual([
      'allocation.create',
      'allocation.delete',
      'allocation.primary',
      'allocation.update',
    ])
  })
})

describe('the ports that an owner may take', () => {
  test('are those that the node offers; an administrator takes others too', async () => {
    const { owner, admin, serverId } = await aServer()
    const asked = [{ hostPort: 5000 }, { hostPort: 22_000, ip: '192.0.2.1' }, { ip: '::' }]

    for (const wish of asked) {
      const failure = await owner.fails(allocations.create, { serverId, ...wish })
      expect(failure, JSON.stringify(wish)).toMatchObject({ status: 403, code: 'port_not_offered' })
      await admin.call(allocations.create, { serverId, ...wish })
    }
    const low = await admin.fails(allocations.create, { serverId, hostPort: 443 })
    expect(low.code).toBe('invalid_input')
  })

  test('[S6] are as many as the server’s limit, also when many requests race', async () => {
    const { owner, serverId } = await aServer(3)
    const path = allocations.create.path.replace(':serverId', serverId)
    const headers = { 'content-type': 'application/json' }

    const racing = Array.from({ length: 50 }, () =>
      owner.send(path, { method: 'POST', headers, body: '{}' }),
    )
    const statuses = (await Promise.all(racing)).map(({ status }) => status)

    expect(statuses.filter((status) => status === 201)).toHaveLength(2)
    const failure = await owner.fails(allocations.create, { serverId })
    expect(failure).toMatchObject({ code: 'limit_reached', details: { limit: 3 } })
  })

  test('are more when an administrator raises the limit, and stay when it is lowered', async () => {
    const { owner, admin, serverId } = await aServer(1)
    await owner.fails(allocations.create, { serverId })

    await admin.call(servers.resize, { serverId, allocationLimit: 2 })
    await owner.call(allocations.create, { serverId })
    const lowered = await admin.call(servers.resize, { serverId, allocationLimit: 0 })

    expect(lowered.allocationLimit).toBe(0)
    expect(await owner.call(allocations.list, { serverId })).toHaveLength(2)
  })

  test('are a sub-user’s too, by the rights that they were given', async () => {
    const { serverId, subUser } = await aServer()
    const [reader, maker] = [await subUser('allocation.read'), await subUser('allocation.create')]

    expect(await reader.call(allocations.list, { serverId })).toHaveLength(1)
    expect((await reader.fails(allocations.create, { serverId })).code).toBe('forbidden')
    await maker.call(allocations.create, { serverId })
    expect((await maker.fails(allocations.list, { serverId })).code).toBe('forbidden')
  })
})

describe('a port that is taken', () => {
  test('is named with the server that has it, to those who may see that server', async () => {
    const { w, owner, admin, serverId, nodeId } = await aServer()
    const other = await w.addServer({ nodeId, port: 22_000, name: 'Trains' })

    const strange = await owner.fails(allocations.create, { serverId, hostPort: 22_000 })
    const known = await admin.fails(allocations.create, { serverId, hostPort: 22_000 })
    const own = await owner.fails(allocations.create, { serverId, hostPort: 21_000 })

    expect(strange).toMatchObject({ code: 'port_taken', details: { port: 22_000, nodeId } })
    expect(JSON.stringify(strange)).not.toMatch(/Trains/)
    expect(JSON.stringify(strange)).not.toContain(other.id)
    expect(known).toMatchObject({ details: { serverId: other.id, serverName: 'Trains' } })
    expect(known.error).toContain('“Trains”')
    expect(own).toMatchObject({ details: { serverId } })
  })

  test('is free again once the server that had it lets go', async () => {
    const { w, admin, serverId, nodeId } = await aServer()
    const { id: otherId } = await w.addServer({ nodeId, port: 23_000 })
    await admin.call(allocations.create, { serverId: otherId, hostPort: 22_000 })

    await admin.call(allocations.delete, { serverId: otherId, allocation: '22000' })

    await admin.call(allocations.create, { serverId, hostPort: 22_000 })
    const list = await admin.call(nodeEndpoints.allocations, { nodeId })
    expect(list.find(({ port }) => port === 22_000)).toMatchObject({ serverId })
  })

  test('is not given to another while the engine has it bound, and is to the server itself', async () => {
    const { w, admin, serverId, nodeId } = await aServer()
    const { id: otherId } = await w.addServer({ nodeId, port: 23_000, name: 'Trains' })
    const binding = { ip: '0.0.0.0', hostPort: 20_000, containerPort: 1, protocol: 'tcp' } as const
    const running = { state: 'running', observedPorts: [binding] } as const
    await w.deps.db.update(serverRows).set(running).where(eq(serverRows.id, otherId))

    const failure = await admin.fails(allocations.create, { serverId, hostPort: 20_000 })
    const free = await admin.call(allocations.create, { serverId })
    const udp = await admin.call(allocations.create, {
      serverId,
      ...{ hostPort: 20_000, protocol: 'udp' },
    })

    expect(failure).toMatchObject({ code: 'port_taken', details: { serverName: 'Trains' } })
    expect(failure.error).toContain('until its next start')
    expect(free.hostPort).toBe(20_001)
    expect(udp.hostPort).toBe(20_000)
    const again = { serverId: otherId, hostPort: 20_000, protocol: 'tcp' } as const
    await admin.call(allocations.create, again)
  })
})
