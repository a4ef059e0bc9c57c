import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld } from '../support/world.ts'

const running = {
  ...({ state: 'running', wanted: 'running' } as const),
  ...{ startNo: 1, lastStartNo: 1, observedStartNo: 1 },
}

async function aServer(options: Parameters<typeof createWorld>[0] = {}) {
  const w = await createWorld(options)
  const [owner, admin] = [await w.user(), await w.admin()]
  const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id, ...running })
  const actions = async () =>
    (await admin.page(audit.list, {})).items.map(({ action, actorName }) => [action, actorName])
  return { w, owner, admin, serverId, object: w.node(nodeId), actions }
}

describe('suspending', () => {
  test('[D6] stops the server, keeps its owner out with the reason, and is lifted again', async () => {
    const { w, owner, admin, serverId, object, actions } = await aServer()
    const reason = 'Not paid'

    const suspended = await admin.call(servers.suspend, { serverId, reason })
    w.clock.advance(1)
    const refused = await owner.fails(servers.start, { serverId })
    const seen = await owner.call(servers.get, { serverId })
    const lifted = await admin.call(servers.unsuspend, { serverId })

    expect(suspended).toMatchObject({
      status: 'suspended',
      suspensionReason: reason,
      suspendedByUserId: admin.id,
      suspendedUntil: null,
    })
    expect(refused).toMatchObject({
      status: 423,
      code: 'server_suspended',
      suspensionReason: reason,
    })
    expect(seen.suspensionReason).toBe(reason)
    expect(object.pushes.map(({ server }) => [server.suspended, server.power.wanted])).toEqual([
      [true, 'stopped'],
      [false, 'stopped'],
    ])
    expect(lifted).toMatchObject({
      status: 'running', // what its node saw last, until it says otherwise
      suspendedAt: null,
      suspendedByUserId: null,
      suspensionReason: null,
    })
    expect(await actions()).toEqual([
      ['server.unsuspend', admin.name],
      ['server.suspend', admin.name],
    ])
  })

  test('supersedes a start that waits for a node that is away', async () => {
    const { w, owner, admin } = await aServer()
    const stopped = await w.addServer({ ownerId: owner.id })
    const { operationId } = await owner.call(servers.start, { serverId: stopped.id })

    await admin.call(servers.suspend, { serverId: stopped.id })

    const [operation] = (await owner.page(operations.list, {})).items
    expect(operation).toMatchObject({ id: operationId, state: 'superseded' })
    expect(operation?.message).toBe('The server was suspended.')
  })

  test('is refused to owners, twice, and into the past; lifting what is not suspended too', async () => {
    const { w, owner, admin, serverId } = await aServer()
    const past = new Date(w.clock.now()).toISOString()
    expect((await owner.fails(servers.suspend, { serverId })).code).toBe('forbidden')
    expect((await admin.fails(servers.unsuspend, { serverId })).code).toBe('not_suspended')
    expect(await admin.fails(servers.suspend, { serverId, until: past })).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['until'] }],
    })

    await admin.call(servers.suspend, { serverId })

    expect((await admin.fails(servers.suspend, { serverId })).code).toBe('already_suspended')
    expect((await owner.fails(servers.unsuspend, { serverId })).code).toBe('forbidden')
  })

  test('until a time ends by itself then, and not before', async () => {
    const { w, owner, admin, serverId, object, actions } = await aServer()
    const until = new Date(w.clock.now() + 60_000).toISOString()
    await admin.call(servers.suspend, { serverId, until })

    w.clock.advance(59_999)
    await runWatchdog(w.deps)
    const before = await owner.call(servers.get, { serverId })
    w.clock.advance(1)
    await runWatchdog(w.deps)
    const after = await owner.call(servers.get, { serverId })

    expect([before.suspendedUntil, after.suspendedUntil]).toEqual([until, null])
    expect(after.suspendedAt).toBeNull()
    expect(object.pushes.at(-1)?.server.suspended).toBe(false)
    expect((await actions())[0]).toEqual(['server.unsuspend', 'watchdog'])
  })
})

describe('a suspended server', () => {
  test('is not deleted by an owner who asks in the very moment of the suspension', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { owner, admin, serverId } = await aServer({ deleteWhileSuspended: 'block' })

      const [suspension, deletion] = await Promise.allSettled([
        admin.call(servers.suspend, { serverId }),
        owner.call(servers.delete, { serverId }),
      ])

      // Whichever came first, the other one finds out.
      expect([suspension.status, deletion.status].sort()).toEqual(['fulfilled', 'rejected'])
    }
  })

  test('is deleted by its owner only where the panel allows that, and by staff always', async () => {
    for (const deleteWhileSuspended of ['block', 'allow'] as const) {
      const { owner, admin, serverId } = await aServer({ deleteWhileSuspended })
      await admin.call(servers.suspend, { serverId, reason: 'Abuse' })
      const both = [owner, admin].map((who) => who.call(servers.get, { serverId }))
      const seen = (await Promise.all(both)).map((server) => server.deletableWhileSuspended)
      if (deleteWhileSuspended === 'block') {
        const refused = await owner.fails(servers.delete, { serverId })
        expect(seen).toEqual([false, true])
        expect(refused).toMatchObject({ status: 423, suspensionReason: 'Abuse' })
        await admin.call(servers.delete, { serverId })
      } else {
        expect(seen).toEqual([true, true])
        await owner.call(servers.delete, { serverId })
      }

      expect((await admin.call(servers.get, { serverId })).status).toBe('deleting')
    }
  })

  test('shows its console to staff, and not to its owner', async () => {
    const { owner, admin, serverId, object } = await aServer()
    Object.assign(object.answers, { consoleTail: [] })
    await admin.call(servers.suspend, { serverId })

    expect((await admin.call(servers.logs, { serverId })).count).toBe(0)
    expect((await owner.fails(servers.logs, { serverId })).code).toBe('server_suspended')
    const typed = await admin.fails(servers.command, { serverId, command: 'say hi' })
    expect(typed.code).toBe('server_suspended')
  })
})
