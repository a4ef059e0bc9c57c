import type { OperationId } from '../contract/ids.ts'
import type {
  Command,
  CommandFailure,
  CommandResult,
  CommandType,
  Progress,
} from '../contract/protocol/commands.ts'
import { reasonOf } from './log.ts'
import { RuntimeError, type RuntimeFault } from './runtime/runtime.ts'

export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>

/** What carries a command out is given beside the command. */
export interface CommandContext {
  readonly id: OperationId
  /** Aborted with an `Interruption` when it has to end. */
  readonly signal: AbortSignal
  /** Tells how far it is; what is not named stays as it was. */
  progress(change: Partial<Progress>): void
  /** Adds a line to the command's own log. */
  log(line: string): void
}

/**
 * Carries one type of command out. `once`: it is never run a second time. `probe`: it can find out what
 * became of an earlier run, and undo a half-done one [Q6].
 */
export type Executor<Type extends CommandType> =
  | {
      readonly repeat: 'once'
      run(command: CommandOf<Type>, context: CommandContext): Promise<CommandResult>
    }
  | {
      readonly repeat: 'probe'
      run(command: CommandOf<Type>, context: CommandContext): Promise<CommandResult>
      /**
       * Looks for traces of an earlier run, waits for one that still goes on, and undoes a half-done one.
       * @returns its result, or `again` when nothing of it is left
       */
      findOut(command: CommandOf<Type>, context: CommandContext): Promise<CommandResult | 'again'>
      /** It is given up: removes what it left behind. */
      undo(command: CommandOf<Type>, context: CommandContext): Promise<void>
    }

/** One executor per type: a type without one does not compile. */
export type Executors = { readonly [Type in CommandType]: Executor<Type> }

/** Why a running command has to end. `closing`: the agent ends and takes it up next time. */
export class Interruption extends Error {
  override name = 'Interruption'
  readonly why: 'cancelled' | 'timed_out' | 'closing'

  constructor(why: Interruption['why']) {
    super(why)
    this.why = why
  }
}

/** Why the signal was aborted; null: it was not. */
export function interruptionOf(signal: AbortSignal): Interruption['why'] | null {
  if (!signal.aborted) return null
  return signal.reason instanceof Interruption ? signal.reason.why : 'cancelled'
}

export const succeeded: CommandResult = { outcome: 'succeeded', code: null, message: null }

export function failedWith(code: CommandFailure, message: string): CommandResult {
  return { outcome: 'failed', code, message: message.slice(0, 2000) }
}

const codes: Readonly<Record<RuntimeFault, CommandFailure>> = {
  engine_down: 'engine_down',
  image_missing: 'image_missing',
  port_in_use: 'internal',
  no_such_container: 'wrong_state',
  disk_full: 'disk_full',
  timed_out: 'timed_out',
  refused: 'node_policy',
  failed: 'internal',
}

/** The result of a command that was interrupted or threw. */
export function resultOfFailure(error: unknown, signal: AbortSignal): CommandResult {
  const why = interruptionOf(signal)
  if (why === 'timed_out') return failedWith('timed_out', 'It took longer than it may.')
  if (why !== null) return { outcome: 'cancelled', code: null, message: null }
  if (error instanceof RuntimeError) return failedWith(codes[error.fault], reasonOf(error))
  if (isDiskFull(error)) return failedWith('disk_full', reasonOf(error))
  return failedWith('internal', reasonOf(error))
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
