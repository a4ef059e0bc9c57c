import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { CommandOutcome } from '../../contract/protocol/commands.ts'
import { desired, installOrder, newOperationId, newServerId } from '../core/examples.ts'
import type { AgentDouble } from './agent-double.ts'
import { passAndRing } from './clock.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'
import { codeOf, value, World } from './world.ts'

const day = 24 * 3_600_000

describe('a command', () => {
  test('[Q1] waits for its node, is sent once it is there, and its end reaches the ledger', async () => {
    const { world, serverId } = await nodeWithServer()
    const order = installOrder(serverId)
    const taken = value(await world.stub.submit(world.nodeId, order))
    const agent = await world.connect()

    const frame = await agent.next('command')
    agent.say({ type: 'accepted', id: order.id, seq: frame.seq })
    agent.say(done(order.id, frame.seq))

    expect(taken).toEqual({ id: order.id, seq: 1, state: 'queued' })
    expect(frame).toMatchObject({ id: order.id, seq: 1, command: order.command, low: 1 })
    await until(() => world.ledger.statesOf(order.id).at(-1) === 'succeeded', 'its end')
    expect(await agent.next('low')).toMatchObject({ low: 2 })
  })

  test('[Q1] is answered by the same row when it is ordered again, also after an eviction', async () => {
    const { world, serverId } = await nodeWithServer()
    const order = installOrder(serverId)
    const first = value(await world.stub.submit(world.nodeId, order))
    await evictDurableObject(world.stub)
    const again = value(await world.stub.submit(world.nodeId, order))
    const command = { type: 'server.install', serverId, wipe: true } as const
    const agent = await world.connect()
    await settle(agent, order.id)
    await until(async () => (await orderAgain()).state === 'succeeded', 'its end')

    expect(again).toEqual(first)
    expect(codeOf(await world.stub.submit(world.nodeId, { ...order, command }))).toBe(
      'idempotency_conflict',
    )

    async function orderAgain() {
      return value(await world.stub.submit(world.nodeId, order))
    }
  })

  test('[Q2] is on disk when its frame arrives', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const id = await world.install(serverId)
    await agent.next('command')

    const rows = await runInDurableObject(world.stub, (_object, state) =>
      state.storage.sql.exec('SELECT seq, id FROM commands').toArray(),
    )

    expect(rows).toEqual([{ seq: 1, id }])
  })

  test('[Q2] that cannot be written is not sent, not numbered, and can be ordered again', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const order = installOrder(serverId)
    quiet()
    await rename(world, 'outbox', 'outbox_away')
    const refused = await world.stub.submit(world.nodeId, order)
    await rename(world, 'outbox_away', 'outbox')

    expect(codeOf(refused)).toBe('internal')
    expect(agent.of('command')).toEqual([])
    expect(value(await world.stub.submit(world.nodeId, order)).seq).toBe(1)
    expect(await agent.next('command')).toMatchObject({ id: order.id, seq: 1 })
  })

  test('[Q2] waits for the one before it in its lane, over evictions', async () => {
    const { world, serverId } = await nodeWithServer()
    const [first, second] = [await world.install(serverId), await world.install(serverId)]
    const agent = await world.connect()
    await agent.next('command')
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })
    const before = agent.of('command').map((frame) => frame.id)
    await settle(agent, first)

    await until(() => agent.of('command').length === 2, 'the second command')
    expect(before).toEqual([first])
    expect(agent.of('command')[1]).toMatchObject({ id: second, seq: 2 })
  })

  test('[Q3] is sent again in a new epoch: same id, same seq', async () => {
    const { world, serverId } = await nodeWithServer()
    const first = await world.connect()
    const id = await world.install(serverId)
    const sent = await first.next('command')
    first.say({ type: 'accepted', id, seq: sent.seq })
    await until(() => world.ledger.statesOf(id).at(-1) === 'running', 'it to run')
    await evictDurableObject(world.stub, { webSockets: 'close' })

    const second = await world.connect()

    expect(await second.next('command')).toEqual({ ...sent, epoch: 2, again: true })
  })

  test('[Q3] that ended does not change when its result comes again', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const id = await world.install(serverId)
    await settle(agent, id)
    await until(() => world.ledger.statesOf(id).at(-1) === 'succeeded', 'its end')

    agent.say(done(id, 1, 'failed'))
    agent.say({ type: 'accepted', id, seq: 1 })
    agent.say({ type: 'observed_end' })

    const again = await world.stub.submit(world.nodeId, { ...installOrder(serverId), id })
    expect(value(again).state).toBe('succeeded')
    expect(world.ledger.statesOf(id).filter((state) => state === 'failed')).toEqual([])
  })

  test('[N9] of another node is not touched by an agent that names it', async () => {
    const [one, other] = [await nodeWithServer(), await nodeWithServer()]
    const victim = await other.world.connect()
    const id = await other.world.install(other.serverId)
    await victim.next('command')
    const liar = await one.world.connect()

    liar.say(done(id, 1))
    liar.say({ type: 'accepted', id, seq: 1 })

    expect(value(await one.world.stub.link(one.world.nodeId)).online).toBe(true)
    expect(value(await other.world.stub.link(other.world.nodeId)).openCommands).toBe(1)
    expect(one.world.ledger.statesOf(id)).toEqual([])
  })
})

describe('cancel and expiry', () => {
  test('[Q8] a command that was never sent is cancelled at once', async () => {
    const { world, serverId } = await nodeWithServer()
    const id = await world.install(serverId)

    const view = value(await world.stub.cancel(world.nodeId, id))

    expect(view.state).toBe('cancelled')
    await until(() => world.ledger.statesOf(id).at(-1) === 'cancelled', 'its end')
    expect((await world.connect()).of('command')).toEqual([])
    expect(codeOf(await world.stub.cancel(world.nodeId, newOperationId()))).toBe('not_found')
  })

  test('[Q8] a command that was sent ends as the agent says', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const id = await world.install(serverId)
    await agent.next('command')
    const asked = value(await world.stub.cancel(world.nodeId, id))

    await agent.next('cancel')
    agent.say(done(id, 1, 'succeeded'))

    expect(asked.state).toBe('queued')
    await until(() => world.ledger.statesOf(id).at(-1) === 'succeeded', 'its end')
  })

  test('[Q8] [Q9] the alarm expires what was never sent, and only that', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const deadline = Date.now() + 5000
    const sent = await world.install(serverId, { deadline })
    const waiting = await world.install(serverId, { deadline })
    const frame = await agent.next('command')
    agent.raw('ping')

    await passAndRing(world, 5001)

    await until(() => world.ledger.statesOf(waiting).at(-1) === 'expired', 'its end')
    expect(world.ledger.statesOf(sent)).not.toContain('expired')
    expect(frame.deadlineInMs).toBeGreaterThan(3000)
    expect(frame.deadlineInMs).toBeLessThanOrEqual(5000)
  })
})

describe('what is kept of a command', () => {
  test('[Q12] progress is reported once in 2 s, and the newest is not lost', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const id = await world.install(serverId)
    await agent.next('command')
    agent.say({ type: 'accepted', id, seq: 1 })
    for (const percent of [10, 20, 30]) {
      const progress = { percent, bytes: null, message: null }
      agent.say({ type: 'progress', id, progress, log: [`at ${percent}`] })
    }
    const log = async () => value(await world.stub.commandLog(world.nodeId, id))
    await until(async () => (await log()).length === 3, 'the log')
    await passAndRing(world, 2001)

    const told = () =>
      world.ledger.of('operation.changed').map(({ operation }) => operation.progress.percent)
    await until(() => told().at(-1) === 30, 'the newest progress')
    expect(told().filter((percent) => percent !== null)).toEqual([30])
  })

  test('[Q13] a finished command is pruned after 7 days, but not before the ledger has it', async () => {
    const { world, serverId } = await nodeWithServer()
    const agent = await world.connect()
    const [told, untold] = [await world.install(serverId), await world.install(serverId)]
    await settle(agent, told)
    await until(() => world.ledger.statesOf(told).at(-1) === 'succeeded', 'its end')
    world.ledger.mood = 'down'
    await settle(agent, untold)
    const isKept = async (id: OperationId) =>
      (await world.stub.commandLog(world.nodeId, id)).ok && id
    await until(async () => (await open()) === 0, 'the second to end')

    await passAndRing(world, 8 * day)

    expect([await isKept(told), await isKept(untold)]).toEqual([false, untold])
    world.ledger.mood = 'well'
    await passAndRing(world, day)
    await until(() => world.ledger.statesOf(untold).at(-1) === 'succeeded', 'its export')
    await passAndRing(world, 2 * day)
    expect(await isKept(untold)).toBe(false)

    async function open() {
      return value(await world.stub.link(world.nodeId)).openCommands
    }
  })

  test('[Q13] of more than 10,000 finished commands the newest stay', async () => {
    const { world } = await nodeWithServer()

    await runInDurableObject(world.stub, (_object, state) => {
      state.storage.sql.exec(
        `WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 10010)
         INSERT INTO commands SELECT seq, 'id-' || seq, ${Date.now()}, '{}' FROM n`,
      )
      state.storage.sql.exec(`INSERT OR REPLACE INTO wakes VALUES ('prune', 1)`)
    })
    await evictDurableObject(world.stub)
    await world.stub.poke(world.nodeId)

    const left = await runInDurableObject(world.stub, (_object, state) =>
      state.storage.sql.exec('SELECT count(*) AS n, min(seq) AS oldest FROM commands').one(),
    )
    expect(left).toEqual({ n: 10_000, oldest: 11 })
  })
})

async function nodeWithServer(): Promise<{ world: World; serverId: ServerId }> {
  const world = await World.enrolled()
  const serverId = newServerId()
  await world.push(desired(serverId))
  return { world, serverId }
}

function done(id: OperationId, seq: number, outcome: CommandOutcome = 'succeeded') {
  return { type: 'done', id, seq, result: { outcome, code: null, message: null } } as const
}

/** Waits for a command to come and says that it succeeded. */
async function settle(agent: AgentDouble, id: OperationId): Promise<void> {
  const frame = await until(() => agent.of('command').find((it) => it.id === id), 'the command')
  agent.say(done(id, frame.seq))
}

async function rename(world: World, from: string, to: string): Promise<void> {
  await runInDurableObject(world.stub, (_object, state) => {
    state.storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`)
  })
}
