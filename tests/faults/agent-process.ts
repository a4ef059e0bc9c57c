import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { runProgram } from '../../local/run-program.ts'

const bundle = 'dist/agent/agent.mjs'

export interface AgentProcessOptions {
  readonly dataDir: string
  /** Where it finds its panel: the fault proxy. */
  readonly panel: URL
  readonly logFile: string
  /** Told of each welcome. */
  readonly onWelcome: (epoch: number) => void
  /** Another engine than the machine's own. */
  readonly dockerHost?: string
}

const Welcomed = z.object({ message: z.literal('connected'), epoch: z.int() })

/** The real agent in a process of its own, which a test kills and starts as it likes. */
export class AgentProcess {
  private readonly options: AgentProcessOptions
  private readonly log: WriteStream
  private child: ChildProcess | null = null

  constructor(options: AgentProcessOptions) {
    this.options = options
    this.log = createWriteStream(options.logFile, { flags: 'a' })
  }

  /** Lets it join as the node of a join token. */
  async join(token: string): Promise<void> {
    await runProgram(process.execPath, [bundle, 'join', ...this.flags()], {
      env: { ...process.env, CATALYST_JOIN_TOKEN: token },
    })
  }

  start(): void {
    if (this.child !== null) return
    const { dockerHost } = this.options
    const child = spawn(process.execPath, [bundle, 'run', '--die-with-parent', ...this.flags()], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
      },
    })
    child.stdin?.on('error', () => undefined) // it was killed: `exit` says so
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.heard(line))
    }
    child.once('exit', () => {
      if (this.child === child) this.child = null
    })
    this.child = child
  }

  isRunning(): boolean {
    return this.child !== null
  }

  /** Ends it outright, and waits until it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this
    if (child === null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM')
    this.log.end()
  }

  private heard(line: string): void {
    this.log.write(`${line}\n`)
    if (!line.startsWith('{') || !line.includes('"connected"')) return
    const welcomed = Welcomed.safeParse(JSON.parse(line))
    if (welcomed.success) this.options.onWelcome(welcomed.data.epoch)
  }

  private flags(): string[] {
    const { dataDir, panel } = this.options
    const policy = `${dataDir}/policy.json`
    return ['--panel', panel.origin, '--data', dataDir, '--policy', policy, '--log', 'json']
  }
}
