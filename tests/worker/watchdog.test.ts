import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { panel } from '../../contract/api/panel.ts'
import { servers } from '../../contract/api/servers.ts'
import { sessions, setupTokens } from '../../worker/db/schema/accounts.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { joinTokens, nodes } from '../../worker/db/schema/fleet.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld } from '../support/world.ts'

describe('the watchdog', () => {
  test('[Q1] submits again, with the same id, what an object may never have heard', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
    const object = w.node(nodeId)
    object.broken = new Error('away')
    const install = await owner.call(servers.install, { serverId })
    w.clock.advance(1)
    const start = await owner.call(servers.start, { serverId })
    object.broken = null

    await runWatchdog(w.deps)
    expect(object.orders).toEqual([])
    w.clock.advance(31_000)
    await runWatchdog(w.deps)
    await runWatchdog(w.deps)

    expect(object.orders.map(({ id }) => id)).toEqual([install.operationId])
    expect(object.pushes.at(-1)?.waiting?.id).toBe(start.operationId)
    const states = await w.deps.db.select({ state: operations.state }).from(operations)
    expect(states).toEqual([{ state: 'queued' }, { state: 'queued' }])
  })

  test('pokes nodes with work each minute, others online once in sixteen, and leaves the rest asleep', async () => {
    const w = await createWorld()
    const { id: locationId } = await w.rows.location()
    const fleet: Awaited<ReturnType<typeof w.addNode>>[] = []
    for (let made = 0; made < 40; made += 1) fleet.push(await w.addNode({ locationId }))
    const asleep = await w.addNode({ online: false })
    const pending = await w.addNode({ online: false, enrolledAt: null })
    const owner = await w.user()
    const away = await w.addNode({ online: false })
    const busy = await w.addServer({ ownerId: owner.id, nodeId: away.id })
    await owner.call(servers.start, { serverId: busy.id })
    const perMinute: number[] = []
    const pokes = () => fleet.map(({ id }) => w.node(id).pokes)

    for (let minute = 0; minute < 16; minute += 1) {
      const before = pokes().reduce((sum, count) => sum + count, 0)
      await runWatchdog(w.deps)
      perMinute.push(pokes().reduce((sum, count) => sum + count, 0) - before)
      w.clock.advance(60_000)
    }

    expect(pokes()).toEqual(fleet.map(() => 1))
    expect(Math.max(...perMinute)).toBeLessThan(15)
    const others = [away.id, asleep.id, pending.id].map((id) => w.node(id).pokes)
    expect(others).toEqual([16, 0, 0])
  })

  test('goes on when one node is broken', async () => {
    const w = await createWorld()
    const fleet = [await w.addNode(), await w.addNode()]
    const broken = fleet[0]?.id
    if (broken === undefined) throw new Error('there is no node')
    w.node(broken).broken = new Error('away')

    for (let minute = 0; minute < 16; minute += 1) {
      await runWatchdog(w.deps)
      w.clock.advance(60_000)
    }

    expect(fleet.map(({ id }) => w.node(id).pokes)).toEqual([0, 1])
  })

  test('deletes sessions and tokens that have expired, and no others', async () => {
    const w = await createWorld()
    const { id: userId } = await w.user()
    const { id: nodeId } = await w.addNode()
    const old = { tokenHash: 'old', createdAt: 0, expiresAt: w.clock.now() - 1 }
    await w.deps.db.insert(sessions).values({ ...old, userId })
    await w.deps.db.insert(setupTokens).values(old)
    await w.deps.db.insert(joinTokens).values({ ...old, nodeId })

    await runWatchdog(w.deps)

    const left = await w.deps.db.select().from(sessions).where(eq(sessions.userId, userId))
    expect(left).toHaveLength(1)
    expect(left[0]?.tokenHash).not.toBe('old')
    expect(await w.deps.db.select().from(setupTokens)).toEqual([])
    expect(await w.deps.db.select().from(joinTokens)).toEqual([])
  })

  test('is seen to run, and for how long it has not', async () => {
    const w = await createWorld()
    expect((await w.anonymous.call(panel.health, {})).watchdogAgeSeconds).toBeNull()

    await runWatchdog(w.deps)
    w.clock.advance(61_000)

    expect((await w.anonymous.call(panel.health, {})).watchdogAgeSeconds).toBe(61)
  })
})

test('a key is told with the watchdog only once it is pending', async () => {
  const w = await createWorld()
  const node = await w.addNode()
  await runWatchdog(w.deps)
  expect(w.node(node.id).keys).toEqual([])

  await w.deps.db.update(nodes).set({ keyPending: true })
  await runWatchdog(w.deps)

  expect(w.node(node.id).keys).toEqual([node.publicKey])
})
