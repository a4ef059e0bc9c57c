import type { OperationId } from '../contract/ids.ts'
import { type Command, type CommandResult, commandRules } from '../contract/protocol/commands.ts'
import type { Clock } from './clock.ts'
import type { Outgoing } from './connection.ts'
import {
  type CommandContext,
  type Executor,
  type Executors,
  Interruption,
  interruptionOf,
  resultOfFailure,
} from './executor.ts'
import type { JournalRow } from './journal.ts'
import type { Lanes } from './lanes.ts'
import { reasonOf } from './log.ts'
import { createProgressReporter, type ProgressReporter } from './progress.ts'

type Started = Pick<JournalRow, 'id' | 'command'>
type AnyExecutor = Executor<Command['type']>

/** What is to be done with a command: run it, look for it, undo it. */
export type Work = (
  executor: AnyExecutor,
  command: Command,
  context: CommandContext,
) => Promise<CommandResult | 'again'>

export interface RunsDeps {
  readonly executors: Executors
  readonly lanes: Lanes
  readonly clock: Clock
  readonly send: (frame: Outgoing) => boolean
  /** The work came to its end; not called when the agent ended first. */
  readonly ended: (row: Started, result: CommandResult | 'again') => void
}

/** Commands that are under way. Each holds its server's lane until its end was dealt with. */
export interface Runs {
  begin(row: Started, work: Work): void
  cancel(id: OperationId): void
  /** The link is up again: what could not be told is told. */
  offer(): void
  /** Breaks all off, to be taken up at the next start; resolves when nothing is touched any more. */
  close(): Promise<void>
}

interface Run {
  readonly abort: AbortController
  readonly progress: ProgressReporter
  readonly done: Promise<void>
}

export function createRuns(deps: RunsDeps): Runs {
  const { lanes, clock, send, ended } = deps
  const runs = new Map<OperationId, Run>()
  const begin = (row: Started, work: Work) => {
    const { id, command } = row
    const abort = new AbortController()
    const progress = createProgressReporter(clock, (newest, lines) =>
      send({ type: 'progress', id, progress: newest, log: [...lines] }),
    )
    const context = { id, signal: abort.signal, progress: progress.change, log: progress.line }
    const carryOut = async () => {
      const cancelLimit = clock.after(commandRules[command.type].maxDurationMs, () =>
        abort.abort(new Interruption('timed_out')),
      )
      const result = await resultOf(deps.executors, command, context, work)
      cancelLimit()
      if (interruptionOf(abort.signal) === 'closing') return
      await progress.finish()
      runs.delete(id)
      ended(row, result)
    }
    lanes.take('commands', command.serverId)
    runs.set(id, { abort, progress, done: carryOut() })
  }
  return {
    begin,
    cancel: (id) => runs.get(id)?.abort.abort(new Interruption('cancelled')),
    offer: () => {
      for (const { progress } of runs.values()) progress.offer()
    },
    close: async () => {
      const open = [...runs.values()]
      for (const { abort, progress } of open) {
        abort.abort(new Interruption('closing'))
        progress.drop()
      }
      await Promise.all(open.map(({ done }) => done))
    },
  }
}

/** Runs it. Also a first run looks for traces: the journal that knew of another may be gone. */
export const runFresh: Work = async (executor, command, context) => {
  if (executor.repeat === 'once') return executor.run(command, context)
  const found = await executor.findOut(command, context)
  return found === 'again' ? executor.run(command, context) : found
}

export const findOut: Work = async (executor, command, context) =>
  executor.repeat === 'probe' ? executor.findOut(command, context) : 'again'

/** Undoes it, and then it has this result, also when something of it has to stay. */
export function undoing(result: CommandResult): Work {
  return async (executor, command, context) => {
    if (executor.repeat === 'once') return result
    try {
      await executor.undo(command, context)
      return result
    } catch (error) {
      const message = `${result.message ?? ''} What it left could not be removed: ${reasonOf(error)}`
      return { ...result, message: message.slice(0, 2000) }
    }
  }
}

async function resultOf(
  executors: Executors,
  command: Command,
  context: CommandContext,
  work: Work,
): Promise<CommandResult | 'again'> {
  try {
    return await work(executorFor(executors, command), command, context)
  } catch (error) {
    return resultOfFailure(error, context.signal)
  }
}

/** The table is keyed by the command's own type, which the compiler cannot follow through the lookup. */
function executorFor(executors: Executors, command: Command): AnyExecutor {
  return executors[command.type] as AnyExecutor
}
