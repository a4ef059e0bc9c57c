import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { lockHolder } from '../../agent/lock.ts'
import { until } from './until.ts'

export interface Pasted {
  readonly code: number | null
  /** What was printed, errors included. */
  readonly text: string
}

/**
 * A host that becomes a node by the line that people paste: this machine's engine and tools, folders of its own,
 * and a systemd of its own or none.
 */
export interface BareHost {
  readonly programDir: string
  readonly dataDir: string
  /** Runs the line in a shell, with this host's folders added to it. */
  paste(line: string): Promise<Pasted>
  /** What systemd was asked to do, one after the other. */
  systemdCalls(): string[]
  /** The service file that the installer wrote. */
  unit(): string
  /** The process of the agent; null: none runs. */
  agent(): number | null
  identity(): z.output<typeof Identity>
  /** Ends the agent and deletes everything. */
  remove(): Promise<void>
}

export interface BareHostOptions {
  readonly systemd: boolean
  /** The Node that is found first is too old for the agent. */
  readonly oldNode?: boolean
}

const Identity = z.object({ machineId: z.string(), nodeId: z.string().nullable() })

export function openBareHost({ systemd, oldNode = false }: BareHostOptions): BareHost {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-host-'))
  const at = (name: string) => join(folder, name)
  const [programDir, dataDir] = [at('program'), at('data')]
  for (const name of ['bin', 'units', systemd ? 'run/system' : 'run']) {
    mkdirSync(at(name), { recursive: true })
  }
  writeProgram(at('bin/systemctl'), systemctl(folder))
  if (oldNode) writeProgram(at('bin/node'), tooOld)
  const agent = () => lockHolder(dataDir)
  return {
    programDir,
    dataDir,
    paste: (line) => runInside(folder, `${line} --program ${programDir} --data ${dataDir}`),
    systemdCalls: () => linesOf(at('calls')),
    unit: () => readFileSync(at('units/catalyst-agent.service'), 'utf8'),
    agent,
    identity: () =>
      Identity.parse(JSON.parse(readFileSync(join(dataDir, 'identity.json'), 'utf8'))),
    remove: async () => {
      const running = agent()
      if (running !== null) process.kill(running)
      await until(() => agent() === null, 'the end of the agent')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** In mounts of its own, so that the host's systemd is what we say and its service files are not the machine's. */
function runInside(folder: string, line: string): Promise<Pasted> {
  const mounts = [
    'mkdir -p /run/systemd /etc/systemd/system',
    `mount --bind ${folder}/run /run/systemd`,
    `mount --bind ${folder}/units /etc/systemd/system`,
  ]
  const script = `${mounts.join(' && ')} && ${line}`
  const shell = spawn('unshare', ['--mount', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  })
  let text = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return new Promise((resolve, reject) => {
    shell.on('error', reject)
    shell.on('exit', (code) => resolve({ code, text }))
  })
}

/** Does what the installer may ask of systemd, notes it, and refuses everything else. */
function systemctl(folder: string): string {
  return `#!/bin/sh
printf '%s\\n' "$*" >>${folder}/calls
stop() {
  [ -f ${folder}/main-pid ] || return 0
  process=$(cat ${folder}/main-pid)
  kill "$process" 2>/dev/null || return 0
  while grep -qs '^State:.[RSD]' "/proc/$process/status"; do sleep 0.02; done
}
case "$*" in
  daemon-reload | 'enable catalyst-agent') ;;
  'stop catalyst-agent') stop ;;
  'restart catalyst-agent')
    stop
    setsid $(sed -n 's/^ExecStart=//p' /etc/systemd/system/catalyst-agent.service) \\
      >>${folder}/journal 2>&1 </dev/null &
    echo $! >${folder}/main-pid ;;
  *) echo "systemctl was not expected to be asked: $*" >&2; exit 64 ;;
esac
`
}

/** Runs all but the installer's question for its version. */
const tooOld = `#!/bin/sh
[ "$1" != -e ] || exit 1
exec ${process.execPath} "$@"
`

function writeProgram(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o755 })
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
