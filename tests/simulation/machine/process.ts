import { type Agent, assembleAgent } from '../../../agent/assemble.ts'
import type { Log } from '../../../agent/log.ts'
import { NodePolicy } from '../../../agent/policy.ts'
import type { AgentSocket } from '../platform/wire.ts'
import type { AgentHost } from './agent-host.ts'
import { AgentDatabase } from './disk.ts'
import type { Mortal, TrapKind } from './mortal.ts'
import { runtimeOf } from './runtime.ts'
import { identityOn, storesOn } from './stores.ts'

const policy = NodePolicy.parse({ dataRoots: ['/srv'] })

/** One run of the product's agent on a machine, from its start until it dies. */
export class AgentProcess implements Mortal {
  isAlive = true
  /** Dies at the n-th moment of a kind from now. */
  trap: { readonly kind: TrapKind; left: number } | null = null
  socket: AgentSocket | null = null
  private agent: Agent | null = null
  private readonly deaths: (() => void)[] = []
  private readonly machine: AgentHost

  constructor(machine: AgentHost) {
    this.machine = machine
  }

  async start(): Promise<void> {
    const { machine } = this
    const { disk, timeline, engine } = machine
    const identity = identityOn(disk, this.write)
    const database = disk.database ?? new AgentDatabase()
    disk.database = database
    try {
      identity.boot()
      this.agent = await assembleAgent({
        stores: storesOn(disk, database, this.write, machine.watchJournal),
        facts: facts(machine),
        dial: (handlers) => {
          this.socket = machine.dial(handlers)
          return this.socket
        },
        identity,
        policy,
        runtime: runtimeOf(this, engine),
        openEditor: () => {
          throw new Error('no simulated server has configuration files')
        },
        clock: {
          now: () => machine.now(),
          monotonic: () => machine.monotonic(),
          after: (ms, work) =>
            timeline.after(Math.max(1, ms), () => {
              if (this.isAlive) work()
            }),
        },
        random: () => machine.random.next(),
        log: this.log(),
        bootId: machine.bootId,
      })
    } catch (error) {
      if (!this.isAlive) return
      // The process ends with the error, and is started again by whoever watches over it.
      machine.record.tell(() => `the agent cannot start: ${String(error)}`)
      machine.kill(true)
      timeline.after(2_000, () => machine.start())
    }
  }

  /** Ends as SIGTERM does. */
  async close(): Promise<void> {
    await this.agent?.close()
  }

  /** Ends as SIGKILL does: nothing of it has any effect from now on. */
  die(): void {
    if (!this.isAlive) return
    this.isAlive = false
    for (const work of this.deaths.splice(0)) work()
  }

  onDeath(work: () => void): void {
    this.deaths.push(work)
  }

  /** Whether the process dies here. */
  trapped(kind: TrapKind): boolean {
    const { trap } = this
    if (trap?.kind !== kind || !this.isAlive) return false
    trap.left -= 1
    if (trap.left > 0) return false
    this.machine.record.saw(`fault.agent_dies_${kind}`)
    this.machine.kill(true)
    return true
  }

  private readonly write = (change: () => void): void => {
    this.requireAlive()
    if (this.trapped('before_write')) this.requireAlive()
    if (this.machine.diskFull > 0) {
      this.machine.diskFull -= 1
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    change()
    if (this.trapped('after_write')) this.requireAlive()
  }

  private requireAlive(): void {
    if (!this.isAlive) throw new Error('the process is dead')
  }

  private log(): Log {
    const { record } = this.machine
    const say = (message: string, fields: object = {}) =>
      record.tell(() => `  agent logs: ${message} ${JSON.stringify(fields)}`)
    return {
      debug: () => {},
      info: say,
      warn: say,
      error: (message, fields) => {
        if (this.isAlive) record.saw(`agent.error: ${message}`)
        say(message, fields)
      },
    }
  }
}

function facts(machine: AgentHost) {
  const host = {
    hostname: machine.name,
    os: 'Debian 13',
    arch: 'x64',
    kernel: '6.12',
    cpus: 4,
    memoryMb: 8192,
    diskMb: 100_000,
    diskFreeMb: 50_000,
  }
  const of = () => ({
    host,
    runtime: {
      engine: machine.engine.isUp ? { name: 'simulated', version: '1' } : null,
      runc: '1.3',
      cgroup: 'v2' as const,
      warnings: [],
    },
  })
  let current = of()
  return {
    current: () => current,
    refresh: async () => {
      const before = JSON.stringify(current)
      current = of()
      return JSON.stringify(current) !== before
    },
  }
}
