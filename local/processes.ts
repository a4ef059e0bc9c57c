import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { LineLog } from './processes/line-log.ts'
import { endLeftovers, signal, writePidFile } from './processes/pid-file.ts'
import { deathsInARow, type RestartPolicy, restartDelay } from './processes/restart-delay.ts'

export type ChildOptions = {
  /** Names the child in the log. */
  readonly name: string
  readonly program: string
  /** Asked for before each start, so that a restart may take what the first start found out. */
  readonly args: () => readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly log: LineLog
  readonly pidFile: string
  /** How it is started again when it dies; null: it is not. */
  readonly restart: RestartPolicy | null
  /** From SIGTERM to SIGKILL when it is stopped, in milliseconds. */
  readonly stopWithinMs: number
  /** False: it counts as ready as soon as it runs, and is kept running from its first start on. */
  readonly saysReady?: boolean
  /** Told each time that it says it is ready, with what it said. */
  readonly onReady?: (message: unknown) => void
  /** Told each time that it ends without having been asked to. */
  readonly onDeath?: (reason: string) => void
}

export type SupervisedChild = {
  /**
   * What the child said when it was ready for the first time. Rejects with its last lines when it
   * ends before: a child that never started is not started again.
   */
  readonly ready: Promise<unknown>
  /** The id of the process that runs now, or null between two. */
  readonly processId: () => number | null
  /** Ends the child for good; resolves when it is gone. */
  readonly stop: () => Promise<void>
}

const lastLinesKept = 10
const lastWordsMs = 500

/**
 * Starts a child and keeps it running. Its standard input is a pipe that closes with this process,
 * by which it notices (`watchParent`) that it was left alone. It leads a process group of its own:
 * Ctrl+C reaches it only through us, and what it leaves behind can be found. It says that it is
 * ready by a line of JSON, `{"ready":true,...}`.
 */
export function superviseChild(options: ChildOptions): SupervisedChild {
  return new Supervisor(options)
}

class Supervisor implements SupervisedChild {
  readonly ready: Promise<unknown>
  readonly #options: ChildOptions
  readonly #mark = `CATALYST_CHILD=${randomUUID()}`
  readonly #firstReady = Promise.withResolvers<unknown>()
  #child: ChildProcess | null = null
  #restartTimer: NodeJS.Timeout | null = null
  #lastLines: string[] = []
  #wasReady = false
  #isStopping = false
  #deaths = 0

  constructor(options: ChildOptions) {
    this.#options = options
    this.ready = this.#firstReady.promise
    // Who does not wait for it learns of a failed start from `onDeath`.
    this.ready.catch(() => undefined)
    if (options.saysReady === false) {
      this.#wasReady = true
      this.#firstReady.resolve(null)
    }
    this.#start()
  }

  processId(): number | null {
    return this.#child?.pid ?? null
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer)
    this.#firstReady.reject(new Error(`${this.#options.name} was stopped before it was ready`))
    const child = this.#child
    if (child?.pid === undefined) return
    const gone = once(child, 'exit')
    signal(child.pid, 'SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), this.#options.stopWithinMs)
    await gone
    clearTimeout(patience)
  }

  #start(): void {
    const { name, program, args, env, log, pidFile } = this.#options
    this.#restartTimer = null
    const [markName = '', markValue] = this.#mark.split('=')
    const child = spawn(program, args(), {
      detached: true,
      env: { ...env, [markName]: markValue },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    const startedAt = performance.now()
    // Nothing is written to it, so a pipe that breaks only says what 'exit' says as well.
    child.stdin.on('error', () => undefined)
    log.follow(name, child.stdout, (line) => this.#read(line))
    log.follow(name, child.stderr, (line) => this.#keep(line))
    const { pid } = child
    child.on('error', (error) => {
      if (pid === undefined) this.#died(`could not be started: ${error.message}`, 0)
    })
    if (pid === undefined) return
    writePidFile(pidFile, { id: pid, mark: this.#mark, command: child.spawnargs.join(' ') })
    child.once('exit', (code, killer) => {
      const ranForMs = performance.now() - startedAt
      this.#child = null
      rmSync(pidFile, { force: true })
      endLeftovers(pid, this.#mark)
      const reason = killer === null ? `ended with exit code ${code}` : `was ended by ${killer}`
      // Its last words may still be on their way.
      const lastWords = Promise.race([once(child, 'close'), delay(lastWordsMs)])
      lastWords.then(() => this.#died(reason, ranForMs))
    })
  }

  #read(line: string): void {
    this.#keep(line)
    const message = readyMessage(line)
    if (message === null) return
    this.#wasReady = true
    this.#firstReady.resolve(message)
    this.#options.onReady?.(message)
  }

  #keep(line: string): void {
    this.#lastLines = [...this.#lastLines, line].slice(-lastLinesKept)
  }

  #died(reason: string, ranForMs: number): void {
    const { name, log, restart, onDeath } = this.#options
    this.#child = null
    if (this.#isStopping) return
    log.write(name, reason)
    onDeath?.(reason)
    if (!this.#wasReady) {
      const said = [`${name} ${reason}`, ...this.#lastLines].join('\n')
      this.#firstReady.reject(new Error(said))
    } else if (restart !== null) {
      this.#deaths = deathsInARow(restart, this.#deaths, ranForMs)
      const wait = restartDelay(restart, this.#deaths)
      this.#restartTimer = setTimeout(() => this.#start(), wait)
    }
  }
}

function readyMessage(line: string): object | null {
  if (!line.startsWith('{"ready":true')) return null
  try {
    return JSON.parse(line)
  } catch {
    // Something that only looks like it.
    return null
  }
}
