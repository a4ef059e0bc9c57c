import { describe, expect, test } from 'vitest'
import { nodes as nodeEndpoints } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { protocolVersion } from '../../contract/protocol/frames.ts'
import type { ObservedServer } from '../../contract/protocol/spec.ts'
import type { LedgerEvent, OperationReport } from '../../contract/rpc.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { nodes } from '../../worker/db/schema/fleet.ts'
import { servers as rows } from '../../worker/db/schema/servers.ts'
import { applyEvents } from '../../worker/services/ledger/apply.ts'
import { pullDesired } from '../../worker/services/ledger/pull.ts'
import { createWorld } from '../support/world.ts'

const at = '2026-11-24T12:00:00.000Z'

async function aServer() {
  const w = await createWorld()
  const owner = await w.user()
  const { id: nodeId } = await w.addNode({ online: false })
  const server = await w.addServer({ ownerId: owner.id, nodeId })
  const apply = (...events: LedgerEvent[]) => applyEvents(w.deps, nodeId, events)
  const row = async () => (await w.deps.db.select().from(rows))[0]
  return { w, owner, nodeId, serverId: server.id, apply, row, object: w.node(nodeId) }
}

function observed(eventNo: number, change: Partial<ObservedServer>): LedgerEvent {
  const nothing = { exit: null, problem: null, ports: [], startedAt: null }
  const seen = { incarnation: 0, generation: 1, state: 'running', startNo: 1 } as const
  const serverId = '01900000-0000-7000-8000-00000000dead' as ServerId
  return {
    eventNo,
    at,
    type: 'server.observed',
    observed: { serverId, ...seen, ...nothing, at, ...change },
  }
}

function report(eventNo: number, id: string, change: Partial<OperationReport>): LedgerEvent {
  const nothing = { code: null, message: null, log: [], startedAt: null, endedAt: null }
  const progress = { percent: null, bytes: null, message: null }
  const operation = { id: id as OperationId, state: 'running', progress, ...nothing } as const
  return { eventNo, at, type: 'operation.changed', operation: { ...operation, ...change } }
}

describe('[L1] what an object reports', () => {
  test('is applied once, however often it is sent', async () => {
    const { serverId, apply, row } = await aServer()
    const first = observed(1, { serverId, state: 'running' })
    await apply(first)
    await apply(observed(2, { serverId, state: 'stopped' }))

    const answer = await apply(first)

    expect(answer).toEqual({ appliedTo: 2 })
    expect((await row())?.state).toBe('stopped')
  })

  test('[L2] is applied in the order of its numbers, whatever order it comes in', async () => {
    const { serverId, apply, row } = await aServer()

    await apply(
      observed(3, { serverId, state: 'stopped' }),
      observed(2, { serverId, state: 'stopping' }),
    )

    expect((await row())?.state).toBe('stopped')
  })

  test('of which one was applied before is applied in the rest', async () => {
    const { serverId, apply, row } = await aServer()
    await apply(observed(5, { serverId, state: 'starting' }))

    const answer = await apply(
      observed(4, { serverId, state: 'stopped' }),
      observed(5, { serverId, state: 'stopped' }),
      observed(6, { serverId, state: 'running' }),
    )

    expect(answer.appliedTo).toBe(6)
    expect((await row())?.state).toBe('running')
  })

  test('all at once is applied as a whole or not at all', async () => {
    const { w, serverId, apply, row } = await aServer()
    await w.deps.db.$client.execute('DROP TABLE operations')

    const applied = apply(observed(1, { serverId }), report(2, serverId, {}))

    await expect(applied).rejects.toThrow()
    expect((await row())?.state).toBe('stopped')
    const [node] = await w.deps.db.select().from(nodes)
    expect(node?.ledgerAppliedTo).toBe(0)
  })

  test('of a node that was deleted may be forgotten', async () => {
    const { w, serverId } = await aServer()

    const answer = await applyEvents(w.deps, serverId as never, [observed(9, {})])

    expect(answer).toEqual({ appliedTo: 9 })
  })
})

describe('[N9] a node', () => {
  test('changes nothing of another node', async () => {
    const { w, owner, serverId, row } = await aServer()
    const { operationId } = await owner.call(servers.start, { serverId })
    const { id: other } = await w.addNode()
    const before = await w.deps.db.select().from(operations)

    await applyEvents(w.deps, other, [
      observed(1, { serverId, state: 'removed' }),
      report(2, operationId, { state: 'failed' }),
      { eventNo: 3, at, type: 'server.removed', serverId },
    ])

    expect((await row())?.state).toBe('stopped')
    expect(await w.deps.db.select().from(operations)).toEqual(before)
  })

  test('removes no server whose deletion nobody asked for', async () => {
    const { serverId, apply, row } = await aServer()

    await apply({ eventNo: 1, at, type: 'server.removed', serverId })

    expect(await row()).toBeDefined()
  })
})

describe('[D3] what a node observes', () => {
  test('is shown, with the last exit kept while the server runs again', async () => {
    const { owner, serverId, apply } = await aServer()
    const exit = {
      ...{ startNo: 1, code: 1, signal: null, oom: false, expected: false, uptimeMs: 9 },
      at,
    }
    const port = { ip: '0.0.0.0', hostPort: 1, containerPort: 1, protocol: 'udp' } as const

    await apply(
      observed(1, { serverId, state: 'crashed', exit }),
      observed(2, { serverId, state: 'running', startedAt: at, ports: [port] }),
    )

    expect(await owner.call(servers.get, { serverId })).toMatchObject({
      status: 'running',
      observedAt: at,
      startedAt: at,
      lastExit: exit,
      observedPorts: [port],
      pending: false,
    })
  })

  test('[D1] is not taken from an agent that woke up with an older memory', async () => {
    const { serverId, apply, row } = await aServer()
    await apply(observed(1, { serverId, generation: 5, state: 'running' }))

    await apply(observed(2, { serverId, generation: 4, state: 'stopped' }))
    expect((await row())?.state).toBe('running')
    await apply(observed(3, { serverId, incarnation: 1, generation: 1, state: 'stopped' }))
    expect((await row())?.state).toBe('stopped')
  })
})

describe('an operation', () => {
  test('is shown as far as it has come', async () => {
    const { w, owner, serverId, apply } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId })
    const progress = { percent: 40, bytes: 1000, message: 'Pulling' }

    await apply(report(1, operationId, { progress, startedAt: at, log: ['one'] }))

    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ state: 'running', percent: 40, bytes: 1000, message: 'Pulling' })
    expect(row).toMatchObject({ startedAt: Date.parse(at), endedAt: null, log: ['one'] })
  })

  test('that has ended stays as it ended', async () => {
    const { w, owner, serverId, apply } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId })
    await apply(report(1, operationId, { state: 'failed', code: 'script_failed', endedAt: at }))

    await apply(report(2, operationId, { state: 'succeeded' }))

    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ state: 'failed', code: 'script_failed' })
  })

  test('that has ended says no more what it was at', async () => {
    const { w, owner, serverId, apply } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId })
    const progress = { percent: 100, bytes: null, message: 'The script runs' }
    await apply(report(1, operationId, { progress }))

    await apply(report(2, operationId, { progress, state: 'cancelled', endedAt: at }))

    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ state: 'cancelled', message: null })
  })
})

describe('a node’s link', () => {
  test('is shown as it comes and goes', async () => {
    const { w, nodeId, apply } = await aServer()
    const admin = await w.admin()
    const [node] = await w.deps.db.select().from(nodes)
    const { host, runtime } = node ?? {}
    if (!host || !runtime) throw new Error('the node has no facts')
    const agent = { agentVersion: '0.1.0', proto: protocolVersion }
    const look = () => admin.call(nodeEndpoints.get, { nodeId })

    await apply({ eventNo: 1, at, type: 'node.online', ...agent, host, runtime })
    expect(await look()).toMatchObject({
      status: 'online',
      lastSeenAt: at,
      agentVersion: '0.1.0',
      offlineSince: null,
    })

    await apply({
      eventNo: 2,
      at,
      type: 'node.runtime',
      host,
      runtime: { ...runtime, engine: null },
    })
    expect((await look()).status).toBe('degraded')

    await apply({ eventNo: 3, at, type: 'node.offline', reason: 'silent' })
    expect(await look()).toMatchObject({
      status: 'offline',
      offlineSince: at,
      offlineReason: 'silent',
    })

    await apply({ eventNo: 4, at, type: 'node.alert', alert: 'cloned', message: 'Another machine' })
    expect((await look()).alert).toBe('cloned: Another machine')
    await apply({ eventNo: 5, at, type: 'node.alert_over' })
    expect((await look()).alert).toBeNull()
  })
})

describe('[L3] a pull', () => {
  test('holds every server that changed since, with the operation that waits for it', async () => {
    const { w, owner, nodeId, serverId, object } = await aServer()
    const second = await w.addServer({ ownerId: owner.id, nodeId })
    const { operationId } = await owner.call(servers.start, { serverId })
    await owner.call(servers.update, { serverId: second.id, name: 'Other' })

    const all = await pullDesired(w.deps, nodeId, 0)
    const newer = await pullDesired(w.deps, nodeId, 1)
    const none = await pullDesired(w.deps, nodeId, 2)

    expect(all.servers).toEqual(object.pushes)
    expect(all.servers.map(({ waiting }) => waiting?.id)).toEqual([operationId, undefined])
    expect(newer.servers.map(({ server }) => server.serverId)).toEqual([second.id])
    expect(none).toEqual({ revision: 2, servers: [], more: false })
    expect((await pullDesired(w.deps, serverId as never, 0)).servers).toEqual([])
  })

  test('tells a large node a page at a time, each leading to the next', async () => {
    const { w, owner, nodeId } = await aServer()
    await w.deps.db.update(rows).set({ nodeRevision: 1 })
    for (let nodeRevision = 2; nodeRevision <= 103; nodeRevision++) {
      await w.addServer({ ownerId: owner.id, nodeId, nodeRevision })
    }
    await w.deps.db.update(nodes).set({ revision: 103 })

    const first = await pullDesired(w.deps, nodeId, 0)
    const second = await pullDesired(w.deps, nodeId, first.revision)

    expect([first.servers.length, first.revision, first.more]).toEqual([100, 100, true])
    expect([second.servers.length, second.revision, second.more]).toEqual([3, 103, false])
  })
})
