import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { ToAgent } from '../../contract/protocol/frames.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { restartDelay } from '../../local/processes/restart-delay.ts'
import type { ScriptedAgent, ScriptedNode } from './scripted-agent.ts'

type CommandFrame = Extract<ToAgent, { type: 'command' }>

/** Dials again at once, but not without a breath. Milliseconds. */
const redial = { firstDelayMs: 20, maxDelayMs: 200, steadyAfterMs: 1_000 }

/**
 * A node that does what it is told, at once, and remembers it: each command once, by its id. It dials again
 * whenever its socket ends.
 */
export class ObedientNode {
  /** Each command that was carried out, in order. */
  readonly done: { readonly id: OperationId; readonly seq: number; readonly line: string }[] = []
  /** What is wrong with what the object sent. */
  readonly wrong: string[] = []
  private readonly node: ScriptedNode
  private readonly known = new Map<OperationId, CommandFrame>()
  private readonly servers = new Map<ServerId, DesiredServer>()
  /** The highest number that came for a server. */
  private readonly newest = new Map<ServerId, number>()
  private agent: ScriptedAgent | null = null
  private failures = 0
  private stopped = false

  constructor(node: ScriptedNode) {
    this.node = node
  }

  start(): void {
    void this.live()
  }

  stop(): void {
    this.stopped = true
    this.agent?.close()
  }

  private async live(): Promise<void> {
    while (!this.stopped) {
      const agent = this.node.dial()
      this.agent = agent
      agent.onFrame = (frame) => this.hear(agent, frame)
      try {
        await this.node.greet(agent)
        await agent.welcomed()
        this.failures = 0
        for (const server of this.servers.values()) this.report(agent, server)
        agent.say({ type: 'observed_end' })
        await new Promise<void>((resolve) => agent.onEnd(resolve))
      } catch {
        this.failures += 1 // The panel is away; it is dialled until it is there again.
      }
      agent.close()
      const wait = restartDelay(redial, this.failures)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }

  private hear(agent: ScriptedAgent, frame: ToAgent): void {
    if (frame.type === 'welcome') agent.epoch = frame.epoch
    if (frame.type === 'command') this.obey(agent, frame)
    if (frame.type !== 'desired') return
    this.servers.set(frame.server.serverId, frame.server)
    this.report(agent, frame.server)
  }

  private obey(agent: ScriptedAgent, frame: CommandFrame): void {
    const { id, seq, command } = frame
    const before = this.known.get(id)
    if (before === undefined) {
      this.known.set(id, frame)
      const line = command.type === 'console.input' ? command.line : command.type
      this.done.push({ id, seq, line })
      const newest = this.newest.get(command.serverId) ?? 0
      if (seq < newest) this.wrong.push(`${id} (seq ${seq}) came after seq ${newest}`)
      this.newest.set(command.serverId, seq)
    } else if (before.seq !== seq || JSON.stringify(before.command) !== JSON.stringify(command)) {
      this.wrong.push(`${id} came as seq ${before.seq} and as ${seq}`)
    }
    agent.say({ type: 'accepted', id, seq })
    const result = { outcome: 'succeeded', code: null, message: null } as const
    agent.say({ type: 'done', id, seq, result })
  }

  private report(agent: ScriptedAgent, server: DesiredServer): void {
    const { serverId, incarnation, generation, power, removed } = server
    const isUp = power.wanted === 'running'
    const at = new Date().toISOString()
    agent.say({
      type: 'observed',
      observed: {
        serverId,
        incarnation,
        generation,
        state: removed ? 'removed' : isUp ? 'running' : 'stopped',
        startNo: power.startNo,
        exit: null,
        problem: null,
        ports: [],
        startedAt: isUp ? at : null,
        at,
      },
    })
  }
}
