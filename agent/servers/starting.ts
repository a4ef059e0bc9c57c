import type { ServerId } from '../../contract/ids.ts'
import type { DesiredServer, ServerProblem } from '../../contract/protocol/spec.ts'
import { settledWithin } from '../clock.ts'
import { reasonOf } from '../log.ts'
import { type ContainerView, RuntimeError, type RuntimeFault } from '../runtime/runtime.ts'
import { ConfigFileError, editConfigFiles } from './config-files.ts'
import { diskRefusal } from './disk-policy.ts'
import { fetchImage } from './images.ts'
import { readyRule } from './ready-rule.ts'
import type { ServerDeps } from './server-deps.ts'

/** A start waits so long to know how much the files take; what is counted by then counts. Milliseconds. */
const measuredWithin = 5_000
/** How long the output of the container before may take to be read to its end. Milliseconds. */
const drainWithin = 5_000

/**
 * Starts a server: image, folder, configuration files, container, process. What goes wrong becomes the server's problem and is
 * not tried again until a later start is wanted.
 * @param signal breaks a pull off when the start is not wanted any more
 */
export async function startServer(
  deps: ServerDeps,
  desired: DesiredServer,
  afterReboot: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { serverId } = desired
  begin(deps, desired, afterReboot)
  try {
    await bringUp(deps, desired, signal)
  } catch (error) {
    if (signal.aborted) return brokenOff(deps, serverId)
    const problem = problemOf(error, desired.power.startNo)
    deps.console.system(serverId, `Not started: ${problem.message}`)
    deps.book.remember(serverId, { observed: { state: 'stopped', problem, startedAt: null } })
  }
}

function begin(
  { book, console, bootId }: ServerDeps,
  desired: DesiredServer,
  afterReboot: boolean,
) {
  const { serverId, incarnation, generation, power } = desired
  if (afterReboot) console.system(serverId, 'The node was restarted; the server starts again.')
  book.remember(serverId, {
    start: { incarnation, startNo: power.startNo, bootId },
    stop: null,
    typedStopUntil: null,
    containerId: null,
    limits: desired.spec.limits,
    observed: {
      incarnation,
      generation,
      // Its `startNo` follows when there is a process: only then has the start happened.
      state: 'starting',
      problem: null,
      ports: [],
      startedAt: null,
    },
  })
}

async function bringUp(deps: ServerDeps, desired: DesiredServer, signal: AbortSignal) {
  const { book, console, runtime, dirs, disks } = deps
  const { serverId, spec, incarnation, generation, power } = desired
  const { uid } = book.memory(serverId)
  const dataDir = dirs.filesOf(serverId)
  const refusal = deps.policy({ role: 'server', spec, dataDir, uid })
  if (refusal !== true) throw new OutsidePolicy(refusal)
  for (const reason of readyRule(spec.ready).unusable) console.system(serverId, reason)
  await dirs.ensure(serverId, uid)
  const full = diskRefusal(await disks.measure(serverId, measuredWithin), spec.limits.diskMb)
  if (full !== null) throw new DiskFull(full)
  await fetchImage(runtime, spec.image, {
    signal,
    say: (text) => console.system(serverId, text),
    onProgress: () => {},
  })
  await editConfigFiles(deps, desired, signal)
  await drained(deps, serverId)
  signal.throwIfAborted()
  const marks = {
    serverId,
    role: 'server',
    startNo: power.startNo,
    incarnation,
    generation,
    commandId: null,
  } as const
  const made = await runtime.create({ marks, spec, dataDir, uid })
  book.see(made)
  try {
    noteRunning(deps, desired, await runtime.start(made.id))
  } catch (error) {
    book.unsee(made.id)
    throw error
  }
}

/** Takes in that a container runs, however it came to be, and reads its output. */
export function noteRunning(
  { book, console, bootId }: ServerDeps,
  { serverId, spec }: DesiredServer,
  container: ContainerView,
): void {
  const { incarnation, startNo } = container.marks
  book.see(container)
  book.remember(serverId, {
    installed: true,
    containerId: container.id,
    // Somebody may have started the very container again whose exit was counted.
    countedId: null,
    start: { incarnation, startNo, bootId },
    observed: {
      state: readyRule(spec.ready).atOnce ? 'running' : 'starting',
      startNo,
      problem: null,
      ports: [...container.ports],
      startedAt: container.startedAt,
    },
  })
  void console.attach(container)
}

/** The engine drops a container's output with the container, so it is read to its end before. */
async function drained({ book, console, clock }: ServerDeps, serverId: ServerId): Promise<void> {
  const ended = book.containers(serverId).filter(({ state }) => state === 'exited')
  const all = Promise.all(ended.map((container) => console.attach(container)))
  await settledWithin(clock, drainWithin, all)
}

/**
 * The start was broken off: by a later wish, or because the agent ends and goes on next time. It was not
 * tried then, and is when it is wanted again.
 */
function brokenOff({ book, closing }: ServerDeps, serverId: ServerId): void {
  if (closing.aborted) return
  book.remember(serverId, { start: null, observed: { state: 'stopped', startedAt: null } })
}

class OutsidePolicy extends Error {
  override name = 'OutsidePolicy'
}

class DiskFull extends Error {
  override name = 'DiskFull'
}

const codes: Readonly<Record<RuntimeFault, ServerProblem['code']>> = {
  engine_down: 'engine_down',
  image_missing: 'image_missing',
  port_in_use: 'port_in_use',
  no_such_container: 'start_failed',
  disk_full: 'disk_full',
  timed_out: 'start_failed',
  refused: 'node_policy',
  failed: 'start_failed',
}

function problemOf(error: unknown, startNo: number): ServerProblem {
  const message = reasonOf(error).slice(0, 2000)
  if (error instanceof OutsidePolicy) return { code: 'node_policy', message, startNo }
  if (error instanceof DiskFull) return { code: 'disk_full', message, startNo }
  if (error instanceof ConfigFileError) return { code: 'config_file', message, startNo }
  if (error instanceof RuntimeError) return { code: codes[error.fault], message, startNo }
  return { code: 'start_failed', message, startNo }
}
