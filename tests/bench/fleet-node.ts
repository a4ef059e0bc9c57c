import type { Incoming } from '../../agent/connection.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { ServerState } from '../../contract/rules/server-states.ts'
import { type BenchAgent, joinAsAgent, type Panel } from './bench-agent.ts'
import { benchServers } from './bench-servers.ts'
import type { Seen } from './event-watcher.ts'

const stateEvery = 1_000
const linesEvery = 200

/** A server that starts and stops by itself, and talks. */
interface FleetServer {
  readonly serverId: ServerId
  startNo: number
  said: Seen
  lines: number
}

const next: Partial<Readonly<Record<ServerState, ServerState>>> = {
  running: 'stopping',
  stopping: 'stopped',
  stopped: 'starting',
  starting: 'running',
}

/** One node of a fleet whose servers change state and talk: one change a second, five lines a second. */
export class FleetNode {
  readonly agent: BenchAgent
  readonly servers: readonly FleetServer[]
  reports = 0
  private timers: NodeJS.Timeout[] = []

  private constructor(agent: BenchAgent, serverIds: readonly ServerId[]) {
    this.agent = agent
    this.servers = serverIds.map((serverId) => ({
      serverId,
      startNo: 0,
      said: { state: 'stopped', at: null },
      lines: 0,
    }))
  }

  /** Joins with so many servers, all installed. */
  static async join(panel: Panel, name: string, serverCount: number): Promise<FleetNode> {
    const agent = await joinAsAgent(panel, name)
    agent.hear((frame) => obey(agent, frame))
    agent.send({ type: 'observed_end' })
    const node = new FleetNode(agent, await benchServers(panel, agent, serverCount))
    for (const server of node.servers) node.report(server, 'stopped')
    return node
  }

  /** Changes and talks until `rest`. */
  stir(): void {
    this.timers = [
      setInterval(() => this.change(), stateEvery),
      setInterval(() => this.talk(), linesEvery),
    ]
  }

  rest(): void {
    for (const timer of this.timers) clearInterval(timer)
  }

  private change(): void {
    const server = this.any()
    this.report(server, next[server.said.state] ?? 'stopped')
  }

  private report(server: FleetServer, state: ServerState): void {
    if (state === 'starting') server.startNo += 1
    const at = new Date().toISOString()
    server.said = { state, at }
    this.reports += 1
    const { serverId, startNo } = server
    const seen = { exit: null, problem: null, ports: [], startedAt: null, at }
    const observed = { serverId, incarnation: 0, generation: 1, state, startNo, ...seen }
    this.agent.send({ type: 'observed', observed })
  }

  private talk(): void {
    const server = this.any()
    server.lines += 1
    const text = `line ${server.lines} of a server that has something to say`
    const line = {
      seq: server.lines,
      at: new Date().toISOString(),
      stream: 'stdout',
      text,
    } as const
    this.agent.send({ type: 'console', serverId: server.serverId, lines: [line] })
  }

  private any(): FleetServer {
    const server = this.servers[Math.floor(Math.random() * this.servers.length)]
    if (server === undefined) throw new Error('this node has no servers')
    return server
  }
}

/** Commands succeed at once. */
function obey(agent: BenchAgent, frame: Incoming): void {
  if (frame.type !== 'command') return
  const { id, seq } = frame
  agent.send({ type: 'accepted', id, seq })
  agent.send({ type: 'done', id, seq, result: { outcome: 'succeeded', code: null, message: null } })
}
