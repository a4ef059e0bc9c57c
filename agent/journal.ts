import type { OperationId } from '../contract/ids.ts'
import { type Command, type CommandResult, commandRules } from '../contract/protocol/commands.ts'

/** One command, as the journal keeps it [Q4]. */
export interface JournalRow {
  readonly id: OperationId
  readonly seq: number
  readonly command: Command
  /** How often it was started. */
  readonly starts: number
  /** When it must have started; null: at any time. */
  readonly deadline: Deadline | null
  readonly phase: 'accepted' | 'started' | 'settled'
  /** Set when it is settled, and never changed again. */
  readonly result: CommandResult | null
}

/** A moment on the host's forward clock, which means something only until the host restarts [Q9]. */
export interface Deadline {
  readonly at: number
  readonly bootId: string
}

export interface Journal {
  readonly rows: ReadonlyMap<OperationId, JournalRow>
  /** Every command below it has ended at the object [Q5]. */
  readonly low: number
}

export type JournalEvent =
  /** A command frame; `mayHaveRun`: the journal that would know was lost. */
  | {
      readonly type: 'received'
      readonly id: OperationId
      readonly seq: number
      readonly command: Command
      readonly deadlineInMs: number | null
      readonly low: number
      readonly mayHaveRun: boolean
    }
  | { readonly type: 'low'; readonly low: number }
  | { readonly type: 'cancel'; readonly id: OperationId }
  /** Looks for accepted commands that may start now: their lanes are free. */
  | { readonly type: 'lanes'; readonly busy: ReadonlySet<string> }
  | { readonly type: 'finished'; readonly id: OperationId; readonly result: CommandResult }
  /** What was started before was looked at, and has to run again [Q6]. */
  | { readonly type: 'again'; readonly id: OperationId }
  /** The agent has just started and looks at what it finds in its journal [Q6]. */
  | { readonly type: 'recover' }

/** In the order in which they are to be done: what is saved is on disk before the next one. */
export type JournalEffect =
  | { readonly type: 'save'; readonly row: JournalRow }
  | { readonly type: 'drop'; readonly ids: readonly OperationId[] }
  | { readonly type: 'report_accepted'; readonly row: JournalRow }
  | { readonly type: 'report_done'; readonly row: JournalRow }
  /** Run it: it was never started before. */
  | { readonly type: 'run'; readonly row: JournalRow }
  /** Find out what became of it, then `finished` or `again`. */
  | { readonly type: 'find_out'; readonly row: JournalRow }
  | { readonly type: 'abort'; readonly row: JournalRow }
  /** It is given up: undo what it left behind, then `finished` with this result. */
  | { readonly type: 'give_up'; readonly row: JournalRow; readonly result: CommandResult }

export interface JournalInput {
  readonly now: number
  readonly bootId: string
}

export interface JournalStep {
  readonly state: Journal
  readonly effects: readonly JournalEffect[]
}

/** A command is given up when it was started this often without an end [Q6]. */
export const mostStarts = 3

/** Decides what becomes of commands. Nothing here touches a disk, a socket or an engine. */
export function stepJournal(state: Journal, event: JournalEvent, input: JournalInput): JournalStep {
  switch (event.type) {
    case 'received':
      return received(state, event, input)
    case 'low':
      return prune(state, event.low)
    case 'cancel':
      return cancel(state, event.id)
    case 'lanes':
      return startInLanes(state, event.busy, input)
    case 'finished':
      return changeRow(state, event.id, 'started', (row) => finish(state, row, event.result))
    case 'again':
      return changeRow(state, event.id, 'started', (row) => again(state, row))
    case 'recover':
      return recover(state)
  }
}

/** The earliest moment at which a command that waits is too late; null: none will be. */
export function nextDeadline(state: Journal, { bootId }: Pick<JournalInput, 'bootId'>) {
  const times = [...state.rows.values()].flatMap(({ phase, deadline }) =>
    phase === 'accepted' && deadline?.bootId === bootId ? [deadline.at] : [],
  )
  return times.length === 0 ? null : Math.min(...times)
}

/** A lane is a server [Q2]. */
export function laneOf(command: Command): string {
  return command.serverId
}

function received(
  state: Journal,
  event: Extract<JournalEvent, { type: 'received' }>,
  input: JournalInput,
): JournalStep {
  const { state: pruned, effects } = prune(state, event.low)
  // It ended at the object before, or it would hold `low` back: an echo, not an order.
  if (event.seq < event.low) return { state: pruned, effects }
  const known = pruned.rows.get(event.id)
  const next =
    known === undefined ? accept(pruned, event, input) : repeat(pruned, known, event, input)
  return { state: next.state, effects: [...effects, ...next.effects] }
}

function accept(
  state: Journal,
  { id, seq, command, deadlineInMs, mayHaveRun }: Extract<JournalEvent, { type: 'received' }>,
  input: JournalInput,
): JournalStep {
  const row: JournalRow = {
    id,
    seq,
    command,
    starts: 0,
    deadline: deadlineFrom(deadlineInMs, input),
    phase: 'accepted',
    result: null,
  }
  // Of what is too late to be tried nobody will find out either.
  const isOver = deadlineInMs === 0
  if (mayHaveRun && (isOver || commandRules[command.type].repeat === 'once')) {
    return settle(state, row, unknownEnd('The node lost its journal; this may have been done.'))
  }
  return write(state, row, { type: 'report_accepted', row })
}

/** A command that comes again: answered again, and not run again [Q4]. */
function repeat(
  state: Journal,
  known: JournalRow,
  { deadlineInMs }: Extract<JournalEvent, { type: 'received' }>,
  input: JournalInput,
): JournalStep {
  switch (known.phase) {
    case 'settled':
      return { state, effects: [{ type: 'report_done', row: known }] }
    case 'started':
      return { state, effects: [{ type: 'report_accepted', row: known }] }
    case 'accepted': {
      const row = { ...known, deadline: earlier(known.deadline, deadlineInMs, input) }
      return write(state, row, { type: 'report_accepted', row })
    }
  }
}

function deadlineFrom(leftMs: number | null, { now, bootId }: JournalInput): Deadline | null {
  return leftMs === null ? null : { at: now + leftMs, bootId }
}

/** A journey takes time, so the deadline that was told first is the truer one while its clock lives. */
function earlier(known: Deadline | null, leftMs: number | null, input: JournalInput) {
  const told = deadlineFrom(leftMs, input)
  if (known === null || told === null || known.bootId !== input.bootId) return told
  return known.at <= told.at ? known : told
}

function cancel(state: Journal, id: OperationId): JournalStep {
  const row = state.rows.get(id)
  switch (row?.phase) {
    case undefined:
      return { state, effects: [] } // Lost with the journal; it is sent again in the next epoch.
    case 'settled':
      return { state, effects: [{ type: 'report_done', row }] }
    case 'accepted':
      return settle(state, row, { outcome: 'cancelled', code: null, message: null })
    case 'started': {
      const { cancellable } = commandRules[row.command.type]
      return { state, effects: cancellable ? [{ type: 'abort', row }] : [] }
    }
  }
}

function startInLanes(state: Journal, busy: ReadonlySet<string>, input: JournalInput): JournalStep {
  const taken = new Set(busy)
  for (const { phase, command } of state.rows.values()) {
    if (phase === 'started') taken.add(laneOf(command))
  }
  let step: JournalStep = { state, effects: [] }
  const waiting = [...state.rows.values()]
    .filter(({ phase }) => phase === 'accepted')
    .sort((one, other) => one.seq - other.seq)
  for (const row of waiting) {
    const lane = laneOf(row.command)
    const next = startOrExpire(step.state, row, taken.has(lane), input)
    if (next === null)
      taken.add(lane) // Order within a lane: what waits holds back what follows it.
    else {
      if (next.state.rows.get(row.id)?.phase === 'started') taken.add(lane)
      step = { state: next.state, effects: [...step.effects, ...next.effects] }
    }
  }
  return step
}

/** Null: it goes on waiting. */
function startOrExpire(
  state: Journal,
  row: JournalRow,
  laneTaken: boolean,
  { now, bootId }: JournalInput,
): JournalStep | null {
  const { deadline } = row
  // Told on a clock of before the host's restart: the object tells again how much time is left.
  if (deadline !== null && deadline.bootId !== bootId) return null
  if (deadline !== null && now >= deadline.at) {
    return settle(state, row, { outcome: 'expired', code: null, message: null })
  }
  if (laneTaken) return null
  const started: JournalRow = { ...row, phase: 'started', starts: row.starts + 1 }
  return write(state, started, { type: 'run', row: started })
}

function again(state: Journal, row: JournalRow): JournalStep {
  if (row.starts >= mostStarts) {
    const message = `The agent stopped ${row.starts} times while this ran; it is not tried again.`
    const result: CommandResult = { outcome: 'failed', code: 'poison', message }
    return { state, effects: [{ type: 'give_up', row, result }] }
  }
  const started: JournalRow = { ...row, starts: row.starts + 1 }
  return write(state, started, { type: 'run', row: started })
}

function recover(state: Journal): JournalStep {
  let step: JournalStep = { state, effects: [] }
  for (const row of state.rows.values()) {
    if (row.phase !== 'started') continue
    const once = commandRules[row.command.type].repeat === 'once'
    const next: JournalStep = once
      ? settle(step.state, row, unknownEnd('The agent stopped while this ran.'))
      : { state: step.state, effects: [{ type: 'find_out', row }] }
    step = { state: next.state, effects: [...step.effects, ...next.effects] }
  }
  return step
}

function unknownEnd(message: string): CommandResult {
  return { outcome: 'indeterminate', code: 'agent_restarted', message }
}

/** What runs stays until it is settled; what was only accepted must not start any more. */
function prune(state: Journal, low: number): JournalStep {
  const gone = [...state.rows.values()].filter(({ phase, seq }) => phase !== 'started' && seq < low)
  if (gone.length === 0) return { state: { ...state, low }, effects: [] }
  const rows = new Map(state.rows)
  for (const { id } of gone) rows.delete(id)
  return { state: { rows, low }, effects: [{ type: 'drop', ids: gone.map(({ id }) => id) }] }
}

function settle(state: Journal, row: JournalRow, result: CommandResult): JournalStep {
  const settled: JournalRow = { ...row, phase: 'settled', result }
  return write(state, settled, { type: 'report_done', row: settled })
}

/** The object may have given it up meanwhile; then nobody will ask for it any more. */
function finish(state: Journal, row: JournalRow, result: CommandResult): JournalStep {
  const settled = settle(state, row, result)
  if (row.seq >= state.low) return settled
  const pruned = prune(settled.state, state.low)
  return { state: pruned.state, effects: [...settled.effects, ...pruned.effects] }
}

function write(state: Journal, row: JournalRow, ...then: JournalEffect[]): JournalStep {
  const rows = new Map(state.rows).set(row.id, row)
  return { state: { ...state, rows }, effects: [{ type: 'save', row }, ...then] }
}

function changeRow(
  state: Journal,
  id: OperationId,
  phase: JournalRow['phase'],
  change: (row: JournalRow) => JournalStep,
): JournalStep {
  const row = state.rows.get(id)
  return row?.phase === phase ? change(row) : { state, effects: [] }
}
