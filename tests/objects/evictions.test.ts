import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { desired, newServerId } from '../core/examples.ts'
import { Random } from '../simulation/random.ts'
import type { AgentDouble } from './agent-double.ts'
import { until } from './until.ts'
import { World } from './world.ts'

const evictions = Number(env.EVICTIONS)
const perRound = 2

/** How far the agent comes with a command that is sent to it. */
type Share = 'nothing' | 'accepted' | 'done'

/** An agent that carries out each command once, as far as the test lets it come, and answers what it knows. */
class Worker {
  readonly carriedOut: { readonly id: OperationId; readonly serverId: ServerId }[] = []
  private readonly known = new Set<OperationId>()
  private readonly settled = new Set<OperationId>()
  private readonly world: World
  private agent: AgentDouble
  private read = 0

  private constructor(world: World, agent: AgentDouble) {
    this.world = world
    this.agent = agent
  }

  static async start(world: World): Promise<Worker> {
    return new Worker(world, await world.connect())
  }

  /** Dials again when its socket is gone. */
  async stayConnected(): Promise<void> {
    if (this.agent.closed === null) return
    this.agent = await this.world.connect()
    this.read = 0
  }

  /** Takes in what came, and tells it: how far, `share` says of each. */
  work(share: () => Share): void {
    const frames = this.agent.of('command', this.read)
    this.read = this.agent.frames.length
    for (const { id, seq, command } of frames) {
      const isNew = !this.known.has(id)
      if (isNew) this.carriedOut.push({ id, serverId: command.serverId })
      this.known.add(id)
      const far = this.settled.has(id) ? 'done' : share()
      // What never takes anything in is given up [Q10], which is another test.
      if (far === 'nothing' && isNew) continue
      this.agent.say({ type: 'accepted', id, seq })
      if (far === 'accepted') continue
      this.settled.add(id)
      const result = { outcome: 'succeeded', code: null, message: null } as const
      this.agent.say({ type: 'done', id, seq, result })
    }
  }
}

test(`[Q2, Q3, N5] ${evictions} evictions, with sockets kept and closed, lose no command and double none`, async () => {
  const random = new Random(20_261_125)
  const world = await World.enrolled()
  const serverIds = Array.from({ length: 4 }, () => newServerId())
  for (const serverId of serverIds) await world.push(desired(serverId))
  const worker = await Worker.start(world)
  const share = () => random.one<Share>(['nothing', 'accepted', 'done', 'done', 'done'])
  const asked: { readonly id: OperationId; readonly serverId: ServerId }[] = []

  for (let round = 0; round < evictions; round += 1) {
    for (let n = 0; n < perRound; n += 1) {
      const serverId = random.pick(serverIds) ?? newServerId()
      const order = world.install(serverId)
      if (random.chance(0.5)) worker.work(share)
      asked.push({ id: await order, serverId })
    }
    await evictDurableObject(world.stub, {
      webSockets: random.chance(0.5) ? 'close' : 'hibernate',
    })
    await worker.stayConnected()
    worker.work(share)
  }
  await finish(world, worker, asked)

  const inLane = (list: typeof asked, lane: ServerId) =>
    list.filter(({ serverId }) => serverId === lane).map(({ id }) => id)
  for (const lane of serverIds) {
    expect(inLane(worker.carriedOut, lane)).toEqual(inLane(asked, lane))
  }
  for (const { id } of asked) {
    const ends = world.ledger.statesOf(id).filter((state) => !['queued', 'running'].includes(state))
    expect(ends).toEqual(['succeeded'])
  }
}, 120_000)

/** A last new link, over which all that is left is sent and answered. */
async function finish(
  world: World,
  worker: Worker,
  asked: readonly { readonly id: OperationId }[],
): Promise<void> {
  await world.stub.link(world.nodeId) // only what runs can be evicted
  await evictDurableObject(world.stub, { webSockets: 'close' })
  await until(async () => {
    await worker.stayConnected()
    worker.work(() => 'done')
    return asked.every(({ id }) => world.ledger.statesOf(id).at(-1) === 'succeeded')
  }, 'the end of every command')
}
