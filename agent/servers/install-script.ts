import type { ServerId } from '../../contract/ids.ts'
import type { CommandResult } from '../../contract/protocol/commands.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { type CommandContext, failedWith, succeeded } from '../executor.ts'
import { reasonOf } from '../log.ts'
import { type ContainerExit, type ContainerView, RuntimeError } from '../runtime/runtime.ts'
import { farOverDisk } from './disk-policy.ts'
import { signalOf } from './exits.ts'
import type { ServerDeps } from './server-deps.ts'

/** Between two tries while the engine is away. Milliseconds. */
const retryAfter = 2_000
/** What was killed is gone within this. Milliseconds. */
const endsWithin = 10_000
/** Between two looks at the disk. Milliseconds. */
const lookEvery = 15_000

/** Runs the template's script in a container of its own, marked with the command's id. */
export async function runScript(
  deps: ServerDeps,
  { serverId, spec, incarnation, generation }: DesiredServer,
  context: CommandContext,
): Promise<CommandResult> {
  const { runtime, book, dirs } = deps
  const marks = {
    serverId,
    role: 'install',
    startNo: 0,
    incarnation,
    generation,
    commandId: context.id,
  } as const
  const dataDir = dirs.filesOf(serverId)
  const made = await runtime.create({ marks, spec, dataDir, uid: book.memory(serverId).uid })
  context.signal.throwIfAborted()
  return followScript(deps, await runtime.start(made.id), context)
}

/** Reads what the script says until it ends; its exit code decides. */
export async function followScript(
  deps: ServerDeps,
  container: ContainerView,
  context: CommandContext,
): Promise<CommandResult> {
  const { console, dirs, book } = deps
  const { serverId } = container.marks
  context.progress({ percent: null, bytes: null, message: 'The installation script runs.' })
  const output = console.attach(container)
  const bound = boundDisk(deps, container)
  const exit = await endOf(deps, container, context.signal).finally(bound.end)
  await output
  const tooBig = bound.reason()
  if (tooBig !== null) return failedWith('disk_full', tooBig)
  if (exit.code !== 0) {
    const memory = exit.oom ? ' It used more memory than it may.' : ''
    const signal = signalOf(exit.code)
    const how = signal === null ? `${exit.code}` : `${exit.code} (${signal})`
    return failedWith('script_failed', `The installation script ended with code ${how}.${memory}`)
  }
  await dirs.give(serverId, book.memory(serverId).uid)
  return succeeded
}

/**
 * Ends a script that fills the disk far beyond what the server may have. What an installation needs for a
 * while beside what it leaves is let pass; too much of that keeps the server from starting.
 */
function boundDisk(
  { runtime, book, disks, clock, log }: ServerDeps,
  { id, marks: { serverId } }: ContainerView,
): { readonly end: () => void; readonly reason: () => string | null } {
  let reason: string | null = null
  let cancel = () => {}
  const look = () => {
    const usage = disks.of(serverId)
    const diskMb = book.desired(serverId)?.spec.limits.diskMb
    if (usage !== null && diskMb !== undefined) reason = farOverDisk(usage, diskMb)
    if (reason === null) cancel = clock.after(lookEvery, look)
    else runtime.signal(id, 'SIGKILL').catch((error: unknown) => failed(error))
  }
  const failed = (error: unknown) => {
    log.warn('a script could not be ended', { serverId, reason: reasonOf(error) })
    cancel = clock.after(lookEvery, look)
  }
  cancel = clock.after(lookEvery, look)
  return { end: () => cancel(), reason: () => reason }
}

/** Ends the script of a command at once; whether it had come to a good end by itself. */
export async function endScript(
  { runtime, book, dirs, clock }: ServerDeps,
  serverId: ServerId,
  { id }: CommandContext,
): Promise<boolean> {
  const container = (await runtime.list()).find(({ marks }) => marks.commandId === id)
  if (container === undefined || container.state === 'created') return false
  const patience = new AbortController()
  const cancelLimit = clock.after(endsWithin, () => patience.abort())
  await runtime.signal(container.id, 'SIGKILL')
  const exit = await runtime.wait(container.id, patience.signal).finally(cancelLimit)
  if (exit.code !== 0) return false
  await dirs.give(serverId, book.memory(serverId).uid)
  return true
}

/**
 * The container that an earlier run of this command left, running or ended; one that never ran is removed.
 * @param patient waits for an engine that is away, because there may be such a container
 */
export async function findScript(
  { runtime, clock }: ServerDeps,
  { id, signal }: CommandContext,
  patient: boolean,
): Promise<ContainerView | null> {
  const look = async () => (await runtime.list()).find(({ marks }) => marks.commandId === id)
  const found = await (patient ? whenEngineAnswers(clock, signal, look) : look())
  if (found === undefined) return null
  if (found.state !== 'created') return found
  await runtime.remove(found.id)
  return null
}

function endOf(
  { runtime, clock }: ServerDeps,
  { id, exit }: ContainerView,
  signal: AbortSignal,
): Promise<ContainerExit> {
  if (exit !== null) return Promise.resolve(exit)
  return whenEngineAnswers(clock, signal, () => runtime.wait(id, signal))
}

/** Repeats the work while the engine is away: what runs in it may go on without it. */
async function whenEngineAnswers<T>(
  clock: ServerDeps['clock'],
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.fault !== 'engine_down') throw error
    }
    await new Promise<void>((resolve) => clock.after(retryAfter, resolve))
  }
}
