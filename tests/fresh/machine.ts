import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import type { Send } from '../../local/api.ts'
import { imageLabels, importImage } from '../../local/docker/images.ts'
import { runProgram } from '../../local/run-program.ts'

/** The first Debian whose own Node is new enough for the launcher. */
const suite = 'trixie'
const image = `catalyst/bare-debian:${suite}-2`
/** What a Debian comes with and a container of one does not. */
const packages = 'ca-certificates,curl,systemd,systemd-sysv'
const bundle = '/etc/ssl/certs/ca-certificates.crt'

/** What an engine of its own needs: not every machine can grant all that `--privileged` stands for. */
const powers = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'MKNOD', 'SYSLOG'].flatMap((name) => [
    '--cap-add',
    name,
  ]),
  ...['seccomp=unconfined', 'apparmor=unconfined'].flatMap((open) => ['--security-opt', open]),
  ...['--device-cgroup-rule', 'a *:* rwm'],
  ...['--volume', '/sys/fs/cgroup:/sys/fs/cgroup', '--volume', '/var/lib/docker'],
]

/** A Debian with nothing on it: a container on this machine's engine, with a network of its own. */
export interface BareMachine {
  /** Runs a line of shell to its end. @throws Error with the end of its output unless it exits with 0 */
  run(line: string): Promise<string>
  /** Runs a line of shell, passing its output through; null when a signal ended it. */
  show(line: string): number | null
  /** `fetch`, from that machine: its panel listens to nobody else. */
  readonly fetch: Send
  /** Where other machines reach it. */
  readonly address: string
  /** Starts a program in a group of its own, as a terminal does. */
  start(line: string): Foreground
  remove(): Promise<void>
}

export interface Foreground {
  /** Resolves with the first match in what it prints. @throws Error with all of it when it ends without */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** What Ctrl+C does: SIGINT to every process of the group. Resolves with the exit code. */
  interrupt(): Promise<number | null>
}

/** The two that a machine starts with: systemd, or next to nothing, as in most containers. */
export type Init = 'systemd' | 'none'

/** @param repository is readable on the machine at `/source` */
export async function startBareMachine(
  init: Init,
  repository: string,
  say: (line: string) => void,
): Promise<BareMachine> {
  if ((await imageLabels(image)) === null) await makeImage(say)
  const name = `catalyst-fresh-${randomUUID().slice(0, 8)}`
  const source = ['--volume', `${resolve(repository)}:/source:ro`]
  const options = ['--name', name, ...powers, ...wayOut(), ...source, ...mountsOf[init]]
  await runProgram('docker', ['run', '--detach', ...options, image, ...firstProcess[init]])
  const inside = (line: string) => ['exec', name, 'sh', '-c', line]
  const run = (line: string) => runProgram('docker', inside(line))
  // An engine sets the network up there, which a container may not and a machine may.
  await run('mount -o remount,rw /proc/sys')
  const format = '{{.NetworkSettings.IPAddress}}'
  const address = (await runProgram('docker', ['inspect', '--format', format, name])).trim()
  return {
    run,
    address,
    show: (line) => spawnSync('docker', inside(line), { stdio: 'inherit' }).status,
    start: (line) =>
      startForeground(inside(`exec setsid -w sh -c 'echo $$ >/run/front; ${line}'`), run),
    fetch: async (url, { method, headers, body }) => {
      const asked = JSON.stringify([url, { method, headers, body }])
      const output = await runProgram('docker', ['exec', name, 'node', '-e', fetchThere, asked])
      const { status, text } = Reply.parse(JSON.parse(output))
      return new Response(text, { status })
    },
    remove: async () => void (await runProgram('docker', ['rm', '--force', '--volumes', name])),
  }
}

const mountsOf = {
  systemd: ['--tmpfs', '/run', '--env', 'container=docker'],
  none: [],
} as const

/** Where a kernel has no unified cgroups, systemd has to be told that this is known. */
const firstProcess = {
  systemd: [
    'env',
    'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1',
    '/lib/systemd/systemd',
    ...(existsSync('/sys/fs/cgroup/cgroup.controllers')
      ? []
      : ['systemd.unified_cgroup_hierarchy=0', 'systemd.legacy_systemd_cgroup_controller=1']),
  ],
  // The first process of a machine takes leave of the dead, which a bare `sleep` does not.
  none: ['bash', '-c', 'sleep infinity & wait'],
} as const

const Reply = z.object({ status: z.int(), text: z.string() })

const fetchThere =
  'fetch(...JSON.parse(process.argv[1])).then(async (reply) =>' +
  ' console.log(JSON.stringify({ status: reply.status, text: await reply.text() })))'

function startForeground(
  command: readonly string[],
  run: (line: string) => Promise<string>,
): Foreground {
  const child = spawn('docker', command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((done) => child.once('close', done))
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      process.stdout.write(chunk)
      child.emit('said')
    })
  }
  return {
    says: (pattern) =>
      new Promise((found, missed) => {
        const look = () => {
          const match = pattern.exec(text)
          if (match !== null) found(match)
        }
        child.on('said', look)
        look()
        ended.then((code) => missed(new Error(`it ended with exit code ${code}`)))
      }),
    interrupt: async () => {
      await run('kill -s INT -- -$(cat /run/front)')
      return ended
    },
  }
}

/** This machine's own way to the internet: its proxies, and the authorities that it trusts. */
function wayOut(): string[] {
  const proxies = Object.keys(process.env).filter((name) => /^(https?|no)_proxy$/i.test(name))
  const trust = process.env.NODE_EXTRA_CA_CERTS
  const certificates =
    trust === undefined
      ? []
      : ['--volume', `${trust}:${bundle}:ro`, '--env', `NODE_EXTRA_CA_CERTS=${bundle}`]
  return [...proxies.flatMap((name) => ['--env', name]), ...certificates]
}

async function makeImage(say: (line: string) => void): Promise<void> {
  say(`Making ${image} with debootstrap (about 40 s)`)
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-debian-'))
  try {
    const root = join(folder, 'root')
    const like = ['--variant=minbase', `--include=${packages}`]
    await runProgram('debootstrap', [...like, suite, root, 'http://deb.debian.org/debian'])
    const tarFile = join(folder, 'root.tar')
    await runProgram('tar', ['-C', root, '-cf', tarFile, '--exclude=./var/cache/apt', '.'])
    await importImage(tarFile, image, [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
