import type { OperationState } from '../../contract/api/operations.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import type {
  Command,
  CommandOutcome,
  CommandResult,
  Progress,
} from '../../contract/protocol/commands.ts'
import type { Actor, CommandView } from '../../contract/rpc.ts'

/** `sent` and `accepted` are on the wire: only the agent can say what became of them [Q8]. */
export type CommandState = 'queued' | 'sent' | 'accepted' | CommandOutcome

/** One command as the object keeps it. Times are milliseconds since 1970. */
export interface CommandRow {
  readonly id: OperationId
  /** Dense per node, from 1 [Q2]. */
  readonly seq: number
  readonly command: Command
  readonly actor: Actor
  /** After it a command that was not started must not start; null: never [Q9]. */
  readonly deadline: number | null
  readonly state: CommandState
  /** The epoch it was last sent in; 0: it never left. */
  readonly sentIn: number
  /** In how many epochs it was sent [Q10]. */
  readonly deliveries: number
  readonly cancelRequested: boolean
  /** The newest that the agent told [Q12]. */
  readonly progress: Progress
  /** Its last 200 log lines. */
  readonly log: readonly string[]
  readonly result: CommandResult | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** When progress last went to the ledger, and whether there is newer. */
  readonly reportedAt: number
  readonly unreported: boolean
}

/** Commands that are not final, in order of `seq`, and the numbers that outlive them. */
export interface CommandsState {
  /** Of the live link; null while there is none. */
  readonly epoch: number | null
  readonly nextSeq: number
  readonly open: ReadonlyMap<OperationId, CommandRow>
}

export const noCommands: CommandsState = { epoch: null, nextSeq: 1, open: new Map() }

export const noProgress: Progress = { percent: null, bytes: null, message: null }

/** Commands of one lane run one after the other. */
export function laneOf(row: Pick<CommandRow, 'command'>): ServerId {
  return row.command.serverId
}

export function isOnWire(row: CommandRow): boolean {
  return row.state === 'sent' || row.state === 'accepted'
}

/** The lowest `seq` that is not final: journals may forget what is below it [Q5]. */
export function lowOf(state: Pick<CommandsState, 'open' | 'nextSeq'>): number {
  for (const row of state.open.values()) return row.seq
  return state.nextSeq
}

export function operationStateOf(state: CommandState): OperationState {
  if (state === 'sent') return 'queued'
  return state === 'accepted' ? 'running' : state
}

export function viewOf(row: CommandRow): CommandView {
  return { id: row.id, seq: row.seq, state: operationStateOf(row.state) }
}

/** Whether two orders ask for the same; the order of keys does not count [Q1]. */
export function sameCommand(one: Command, other: Command): boolean {
  return JSON.stringify(one, sortedKeys(one)) === JSON.stringify(other, sortedKeys(other))
}

/** Commands are flat, so a list of keys names and orders all of them. */
function sortedKeys(command: Command): string[] {
  return Object.keys(command).sort()
}

/** A row that the object ends by itself, which it may only while it never left [Q8]. */
export function endedHere(
  row: CommandRow,
  outcome: 'cancelled' | 'expired',
  message: string,
  now: number,
): CommandRow {
  return { ...row, state: outcome, result: { outcome, code: null, message }, endedAt: now }
}
