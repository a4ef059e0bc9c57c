import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Log } from '../../agent/log.ts'
import {
  type ContainerView,
  type LogLine,
  type Runtime,
  RuntimeError,
} from '../../agent/runtime/runtime.ts'
import { createConsole } from '../../agent/servers/console.ts'
import type { Console } from '../../agent/servers/console-port.ts'
import { createConsoleStore } from '../../agent/servers/console-store.ts'
import { openDatabase } from '../../agent/storage/database.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import { aContainer, newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** The log of one container, as an engine keeps it. It outlives the agents that read it. */
export class EngineLog {
  readonly lines: LogLine[] = []
  #ended = false
  #count = 0
  #broken = false
  #wake: (() => void)[] = []

  /** @param atMs when it was printed; by default a millisecond after the line before */
  print(text: string, atMs = this.#count, stream: LogLine['stream'] = 'stdout'): void {
    this.#count = atMs + 1
    const at = new Date(Date.UTC(2026, 10, 24, 12) + atMs).toISOString()
    this.lines.push({ at: at.replace('Z', '000000Z'), stream, text })
    this.#tell()
  }

  end(): void {
    this.#ended = true
    this.#tell()
  }

  /** The engine drops its oldest lines. */
  rotate(lines: number): void {
    this.lines.splice(0, lines)
  }

  /** Readings break off, and new ones fail, until it is mended. */
  breakOff(): void {
    this.#broken = true
    this.#tell()
  }

  mend(): void {
    this.#broken = false
  }

  async follow(
    since: string | null,
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let told = this.lines.filter(({ at }) => since !== null && at < since).length
    signal.addEventListener('abort', () => this.#tell(), { once: true })
    for (;;) {
      if (signal.aborted) return
      if (this.#broken) throw new RuntimeError('engine_down', 'connect ECONNREFUSED')
      while (told < this.lines.length) {
        const line = this.lines[told]
        told += 1
        if (line !== undefined) onLine(line)
      }
      if (this.#ended) return
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }

  #tell(): void {
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }
}

/** One life of an agent's console; `kill` ends it as a crash would. */
export interface ConsoleLife {
  readonly console: Console
  readonly clock: ManualClock
  /** What the link took, in order. */
  readonly sent: { readonly serverId: ServerId; readonly lines: readonly ConsoleLine[] }[]
  readonly link: { takes: boolean }
  kill(): void
}

export interface ConsoleWorld {
  readonly serverId: ServerId
  readonly container: ContainerView
  readonly engine: EngineLog
  live(): ConsoleLife
  /** Every line in the log, by its number. */
  kept(life: ConsoleLife, serverId?: ServerId): ConsoleLine[]
}

/** A console on a database file of its own, and the log of one container. */
export function createConsoleWorld(): ConsoleWorld {
  const file = join(temporaryDir(), 'agent.db')
  const serverId = newServerId()
  const container = aContainer({ id: 'container-1', marks: { serverId } })
  const engine = new EngineLog()

  const live = (): ConsoleLife => {
    const { database } = openDatabase(file, 'test')
    const clock = manualClock()
    const sent: { serverId: ServerId; lines: readonly ConsoleLine[] }[] = []
    const link = { takes: true }
    const console = createConsole({
      store: createConsoleStore(database),
      runtime: logOnly(engine),
      clock,
      log: quiet,
      send: (to, lines) => {
        if (link.takes) sent.push({ serverId: to, lines })
        return link.takes
      },
    })
    let isOpen = true
    const kill = () => {
      clock.kill()
      if (isOpen) database.close()
      isOpen = false
    }
    onTestFinished(kill)
    return { console, clock, sent, link, kill }
  }
  return {
    serverId,
    container,
    engine,
    live,
    kept: ({ console }, of = serverId) => console.history(of, Number.MAX_SAFE_INTEGER, 100_000),
  }
}

/** A runtime that has nothing but logs; anything else was not set up. */
function logOnly(engine: EngineLog): Runtime {
  const missing = (name: string) => () => {
    throw new Error(`${name} was not set up`)
  }
  return {
    facts: missing('facts'),
    list: missing('list'),
    inspect: missing('inspect'),
    hasImage: missing('hasImage'),
    pull: missing('pull'),
    create: missing('create'),
    start: missing('start'),
    signal: missing('signal'),
    resize: missing('resize'),
    remove: missing('remove'),
    gateway: missing('gateway'),
    forget: missing('forget'),
    write: missing('write'),
    wait: missing('wait'),
    sample: missing('sample'),
    watch: missing('watch'),
    follow: (_, since, onLine, signal) => engine.follow(since, onLine, signal),
  }
}

/** Lets everything that waits for nothing but its turn happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
