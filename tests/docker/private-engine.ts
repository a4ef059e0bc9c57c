import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { onTestFinished } from 'vitest'
import { testImage, testImageTar } from '../support/test-image.ts'
import { until } from '../support/until.ts'

export interface PrivateEngine {
  /** Where it listens. */
  readonly socket: string
  start(): Promise<void>
  /** As a crash would end it; containers go on. */
  kill(): Promise<void>
}

/** An engine beside the machine's own, that may be killed: it lets containers live when it dies. */
export async function createPrivateEngine(): Promise<PrivateEngine> {
  // Unix sockets' paths have to be short, and the engine's own file system cannot lie on an
  // overlay.
  const folder = mkdtempSync('/var/tmp/ctd-')
  const socket = join(folder, 'd.sock')
  const docker = new Dockerode({ socketPath: socket })
  // Told to do without a bridge, an engine deletes `docker0`, which is the machine's own engine's.
  const bridge = addBridge()
  let child: ChildProcess | null = null

  const end = async (signal: NodeJS.Signals) => {
    const running = child
    if (running === null || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
  }
  const start = async () => {
    const log = openSync(join(folder, 'log'), 'a')
    // What was killed left these, and a number in one may by now be a dying or another's process.
    for (const file of ['d.pid', 'exec/containerd/containerd.pid']) {
      rmSync(join(folder, file), { force: true })
    }
    child = spawn(
      'dockerd',
      [
        ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
        ...['--pidfile', join(folder, 'd.pid'), '-H', `unix://${socket}`, '--live-restore'],
        ...['--bridge', bridge, '--iptables=false'],
      ],
      { stdio: ['ignore', log, log] },
    )
    await until(() => docker.ping().catch(() => null), 'the private engine to answer', 30_000)
  }

  onTestFinished(async () => {
    // Asked politely, it takes its own helpers with it.
    await end('SIGTERM')
    // It mounts the folder on itself, and does not take that back.
    spawnSync('umount', ['--lazy', join(folder, 'data')])
    rmSync(folder, { recursive: true, force: true })
    spawnSync('ip', ['link', 'delete', bridge])
  })
  await start()
  await loadImage(docker, await testImageTar())
  return { socket, start, kill: () => end('SIGKILL') }
}

function addBridge(): string {
  const name = `ctd-${process.pid}`
  for (const args of [
    ['link', 'add', 'name', name, 'type', 'bridge'],
    ['address', 'add', '10.214.254.1/24', 'dev', name],
  ]) {
    const added = spawnSync('ip', args, { encoding: 'utf8' })
    if (added.status !== 0) throw new Error(`ip ${args.join(' ')}: ${added.stderr}`)
  }
  return name
}

async function loadImage(docker: Dockerode, tarFile: string): Promise<void> {
  const [repo, tag] = testImage.split(':')
  const answer = await docker.importImage(tarFile, { repo, tag })
  await once(answer.resume(), 'end')
}
