import type { ServerId } from '../../contract/ids.ts'
import type { CommandResult } from '../../contract/protocol/commands.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { type CommandContext, failedWith, succeeded } from '../executor.ts'
import { type ContainerExit, type ContainerView, RuntimeError } from '../runtime/runtime.ts'
import { signalOf } from './exits.ts'
import type { ServerDeps } from './server-deps.ts'

/** Between two tries while the engine is away. Milliseconds. */
const retryAfter = 2_000
/** What was killed is gone within this. Milliseconds. */
const endsWithin = 10_000

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
  const exit = await endOf(deps, container, context.signal)
  await output
  if (exit.code !== 0) {
    const memory = exit.oom ? ' It used more memory than it may.' : ''
    const signal = signalOf(exit.code)
    const how = signal === null ? `${exit.code}` : `${exit.code} (${signal})`
    return failedWith('script_failed', `The installation script ended with code ${how}.${memory}`)
  }
  await dirs.give(serverId, book.memory(serverId).uid)
  return succeeded
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
