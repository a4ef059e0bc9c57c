import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auth } from '../../contract/api/accounts.ts'
import { type PanelCall, panelCaller } from '../../local/api.ts'

export const admin = { email: 'admin@example.com', password: 'a long enough password' }

const adminEnvironment = {
  CATALYST_ADMIN_EMAIL: admin.email,
  CATALYST_ADMIN_PASSWORD: admin.password,
}

/** The whole panel, started by the launcher that people start it with, in a data folder of its own. */
export interface Stack {
  readonly url: URL
  readonly dataDir: string
  /** Calls the API as the first administrator. */
  readonly call: PanelCall
  readonly token: string
  /** Milliseconds from the launcher's start to its `ready` line. */
  readonly readyAfterMs: number
  /** Everything the launcher said. */
  output(): string
  /** The process that runs now under a name. */
  processId(name: 'libsql' | 'panel' | 'agent'): number
  /** The operating system's process of workerd itself. */
  workerd(): number
  /** Sends the signal to the launcher and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface StackOptions {
  /** The folder of an earlier stack, to start that one again. */
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** `link`: nobody is made an administrator; the launcher prints the link that does. */
  readonly firstAdmin?: 'environment' | 'link'
}

/** Starts the launcher and waits for its last line, `ready <url>`. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'catalyst-stack-'))
  const byLink = options.firstAdmin === 'link'
  const began = performance.now()
  const launcher = spawn(
    process.execPath,
    ['local/start.ts', '--port', '0', '--data', dataDir, '--yes', ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...(byLink ? {} : adminEnvironment),
        ...options.env,
      },
    },
  )
  const said = collect(launcher)
  const url = await said.ready
  const token = byLink ? '' : (await panelCaller(url, '')(auth.login, admin)).token
  const processId = (name: string) => JSON.parse(pidFile(dataDir, name)).id as number // our own file
  return {
    url,
    dataDir,
    token,
    call: panelCaller(url, token),
    readyAfterMs: performance.now() - began,
    output: said.text,
    processId,
    workerd: () => childOf(processId('panel'), 'workerd'),
    stop: async (signal = 'SIGINT') => {
      if (launcher.exitCode !== null || launcher.signalCode !== null) return
      launcher.kill(signal)
      await once(launcher, 'exit')
    },
  }
}

/** Deletes what a stack left on the disk. */
export function removeStack(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true })
}

function collect(launcher: ChildProcess): { ready: Promise<URL>; text: () => string } {
  let text = ''
  const ready = new Promise<URL>((resolve, reject) => {
    for (const stream of [launcher.stdout, launcher.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const url = /^ready (\S+)$/m.exec(text)?.[1]
        if (url !== undefined) resolve(new URL(url))
      })
    }
    launcher.once('exit', (code) => reject(new Error(`the launcher ended with ${code}:\n${text}`)))
  })
  return { ready, text: () => text }
}

function pidFile(dataDir: string, name: string): string {
  return readFileSync(join(dataDir, 'run', `${name}.pid`), 'utf8')
}

function childOf(parent: number, program: string): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim()
  const found = children
    .split(' ')
    .map(Number)
    .find((id) => readFileSync(`/proc/${id}/comm`, 'utf8').trim() === program)
  if (found === undefined) throw new Error(`process ${parent} has no child ${program}`)
  return found
}
