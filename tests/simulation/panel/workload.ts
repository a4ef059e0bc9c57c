import type { ServerSpec } from '../../../contract/protocol/spec.ts'
import { serverCan } from '../../../contract/rules/server-states.ts'
import { laneAtMost } from '../../../durable-objects/commands/from-panel.ts'
import type { PowerVerb } from '../../../worker/services/servers/power-change.ts'
import { stopLine } from '../machine/programs.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { OperationRow, ServerRow } from './ledger.ts'
import type { Panel } from './panel.ts'

/** How much is asked for in one seed. */
export interface Load {
  readonly servers: number
  readonly actions: number
  /** Milliseconds in which it is asked for. */
  readonly within: number
}

type Wish =
  | 'line'
  | 'typed_stop'
  | 'install'
  | PowerVerb
  | 'update'
  | 'suspend'
  | 'delete'
  | 'create'
  | 'again'
  | 'cancel'
  | 'conflict'

/** The one wish that a new server is most useful with. */
const firstWishes = ['install', 'install', 'install', 'nothing'] as const
const wishes: readonly Wish[] = [
  ...Array.from({ length: 12 }, () => 'line' as const),
  ...Array.from({ length: 4 }, () => 'start' as const),
  ...Array.from({ length: 5 }, () => 'install' as const),
  ...Array.from({ length: 3 }, () => 'again' as const),
  ...Array.from({ length: 4 }, () => 'cancel' as const),
  'stop',
  'stop',
  'restart',
  'kill',
  'conflict',
  'update',
  'suspend',
  'delete',
  'create',
  'typed_stop',
]

/** Plans what people ask for, at random times. */
export function planWorkload(panel: Panel, timeline: Timeline, random: Random, load: Load): void {
  const people = new People(panel, timeline, random)
  for (let n = 0; n < load.servers; n += 1) {
    timeline.after(random.below(2_000), () => people.create())
  }
  for (let n = 0; n < load.actions; n += 1) {
    const wish = random.pick(wishes) ?? 'line'
    timeline.after(500 + random.below(load.within), () => people.ask(wish))
  }
}

/** One impatient person fills a lane [Q11]. */
export function planFlood(panel: Panel, timeline: Timeline, random: Random, within: number): void {
  timeline.after(3_000 + random.below(within), () => {
    const server = random.pick([...panel.ledger.servers.values()])
    if (server === undefined || !panel.ledger.isUp) return
    for (let left = laneAtMost + 10; left > 0; left -= 1) {
      const line = `do ${panel.nextOperation()}`
      panel.order({ type: 'console.input', serverId: server.id, line }, null)
    }
  })
}

class People {
  private readonly panel: Panel
  private readonly timeline: Timeline
  private readonly random: Random

  constructor(panel: Panel, timeline: Timeline, random: Random) {
    this.panel = panel
    this.timeline = timeline
    this.random = random
  }

  create(): void {
    const { panel, random } = this
    if (!panel.ledger.isUp) return
    const server = panel.createServer(specOf(random))
    if (random.one(firstWishes) === 'install') {
      const wipe = random.chance(0.3)
      panel.order({ type: 'server.install', serverId: server.id, wipe }, null)
    }
    const wait = random.between(1_000, 9_000)
    if (random.chance(0.7)) this.timeline.after(wait, () => this.askOf('start', server))
  }

  ask(wish: Wish): void {
    const { panel, random } = this
    if (!panel.ledger.isUp) return
    if (wish === 'create') {
      this.create()
      return
    }
    const server = random.pick([...panel.ledger.servers.values()])
    const operation = random.pick([...panel.ledger.operations.values()])
    if (server === undefined || operation === undefined) return
    if (wish === 'again' || wish === 'cancel' || wish === 'conflict') {
      this.askAbout(wish, operation)
    } else this.askOf(wish, server)
  }

  private askAbout(wish: 'again' | 'cancel' | 'conflict', operation: OperationRow): void {
    const { panel } = this
    if (wish === 'again') panel.again(operation)
    else if (wish === 'conflict') panel.deliveries.conflict(operation)
    // A cancel means most soon after the order, before it is through.
    else panel.cancel([...panel.ledger.operations.values()].at(-1) ?? operation)
  }

  private askOf(
    wish: Exclude<Wish, 'create' | 'again' | 'cancel' | 'conflict'>,
    server: ServerRow,
  ) {
    const { panel, random } = this
    const serverId = server.id
    if (!this.mayAsk(wish, server)) return
    switch (wish) {
      case 'line':
        return this.type(server)
      case 'typed_stop':
        panel.order({ type: 'console.input', serverId, line: stopLine }, null)
        return
      case 'install':
        panel.order({ type: 'server.install', serverId, wipe: random.chance(0.3) }, this.deadline())
        return
      case 'update':
        return panel.change(server, { spec: specOf(random) }, random.chance(0.7))
      case 'suspend':
        return panel.change(server, { suspended: !server.suspended }, false)
      case 'delete':
        return panel.delete(server)
      default:
        return panel.click(wish, server)
    }
  }

  /** As the product's verbs refuse; now and then what the ledger knows is old, which refuses nothing. */
  private mayAsk(wish: Wish, { wanted, removed, suspended, observed }: ServerRow): boolean {
    if (!this.panel.ledger.isUp) return false
    const action = wish === 'line' || wish === 'typed_stop' ? 'command' : wish
    if (!(action in serverCan) || this.random.chance(action === 'command' ? 0.4 : 0.1)) return true
    const check = serverCan[action as keyof typeof serverCan] // It was just found in there.
    const state = observed?.state ?? 'not_installed'
    if (suspended && action !== 'stop' && action !== 'kill') return false
    return check({ state, wanted, deleting: removed }) === true
  }

  /** A line that says which command it belongs to. */
  private type(server: ServerRow): void {
    const { panel } = this
    const line = `do ${panel.nextOperation()}`
    panel.order({ type: 'console.input', serverId: server.id, line }, this.deadline())
  }

  private deadline(): number | null {
    const { random, timeline } = this
    return random.chance(0.35) ? timeline.now + random.between(20, 20_000) : null
  }
}

function specOf(random: Random): ServerSpec {
  const hasScript = random.chance(0.8)
  return {
    name: 'A server',
    image: random.chance(0.05) ? 'missing/image' : 'example/game:1',
    command: null,
    environment: {},
    ports: [{ ip: '0.0.0.0', hostPort: 20_000, containerPort: 3979, protocol: 'udp' }],
    limits: { memoryMb: 256, cpuCores: 1, diskMb: 1024 },
    stop: { line: random.chance(0.5) ? stopLine : null, signal: 'SIGTERM', graceSeconds: 10 },
    ready: random.chance(0.5) ? ['Done'] : [],
    readOnlyRoot: true,
    configFiles: [],
    install: hasScript ? { image: 'example/game:1', entrypoint: 'sh', script: 'true' } : null,
  }
}
