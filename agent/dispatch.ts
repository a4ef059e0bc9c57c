import type { OperationId, ServerId } from '../contract/ids.ts'
import type { Clock } from './clock.ts'
import type { Incoming, Outgoing } from './connection.ts'
import { type Executors, failedWith } from './executor.ts'
import {
  type Journal,
  type JournalEffect,
  type JournalEvent,
  nextDeadline,
  stepJournal,
} from './journal.ts'
import type { Lanes } from './lanes.ts'
import { type Log, reasonOf } from './log.ts'
import { createRuns, findOut, type RunsDeps, runFresh, undoing } from './runs.ts'
import type { JournalStore } from './storage/journal-store.ts'

export interface DispatchDeps {
  readonly store: JournalStore
  readonly executors: Executors
  readonly lanes: Lanes
  readonly clock: Clock
  readonly log: Log
  readonly bootId: string
  readonly send: (frame: Outgoing) => boolean
  /** The journal that would know what was done before is gone. */
  readonly journalLost: boolean
}

/** Takes commands in and carries them out, one at a time per server. */
export interface Dispatch {
  /** Settles what was under way when the agent ended; before new work [Q6]. */
  recover(): void
  welcomed(low: number): void
  receive(frame: Extract<Incoming, { type: 'command' | 'cancel' | 'low' }>): void
  unsupported(command: { readonly id: OperationId; readonly seq: number }): void
  /** Breaks off what a server's lane does and may be broken off. */
  cancelServer(serverId: ServerId): void
  /** Commands that are not settled. */
  inflight(): OperationId[]
  /** Leaves what is under way to the next start; resolves when nothing is touched any more. */
  close(): Promise<void>
}

/** After a lost journal, commands within this time of the first welcome may be repeats. Milliseconds. */
const doubtfulFor = 10_000
/** Before a result that could not be written down is written again. Milliseconds. */
const retryAfter = 5_000

export function createDispatch(deps: DispatchDeps): Dispatch {
  const { store, lanes, clock, log, bootId, send } = deps
  let journal: Journal = { rows: new Map(store.load().map((row) => [row.id, row])), low: 1 }
  let closed = false
  let firstWelcomeAt: number | null = null
  let cancelTimer = () => {}

  /** @throws when the disk does not take it; nothing has happened then */
  const happen = (event: JournalEvent) => {
    const { state, effects } = stepJournal(journal, event, { now: clock.monotonic(), bootId })
    for (const effect of effects) if (effect.type === 'save') store.save(effect.row)
    journal = state
    for (const effect of effects) perform(effect)
  }

  const startWaiting = () => {
    if (closed) return
    happen({ type: 'lanes', busy: lanes.reconciling })
    cancelTimer()
    const due = nextDeadline(journal, { bootId })
    cancelTimer =
      due === null ? () => {} : clock.after(due - clock.monotonic(), guarded(startWaiting))
  }

  const guarded = (work: () => void) => () => {
    try {
      work()
    } catch (error) {
      log.error('the journal could not be written', { reason: reasonOf(error) })
    }
  }

  const perform = (effect: JournalEffect) => {
    switch (effect.type) {
      case 'save':
        return
      case 'drop':
        return store.drop(effect.ids)
      case 'report_accepted':
        send({ type: 'accepted', id: effect.row.id, seq: effect.row.seq })
        return
      case 'report_done': {
        const { id, seq, result } = effect.row
        if (result !== null) send({ type: 'done', id, seq, result })
        return
      }
      case 'run':
        return runs.begin(effect.row, runFresh)
      case 'find_out':
        return runs.begin(effect.row, findOut)
      case 'give_up':
        return runs.begin(effect.row, undoing(effect.result))
      case 'abort':
        runs.cancel(effect.row.id)
    }
  }

  const ended: RunsDeps['ended'] = ({ id, command }, result) => {
    if (closed) return
    try {
      if (result === 'again') return happen({ type: 'again', id })
      happen({ type: 'finished', id, result })
      lanes.free('commands', command.serverId)
      startWaiting()
    } catch (error) {
      log.error('a result could not be written down', { id, reason: reasonOf(error) })
      clock.after(retryAfter, () => ended({ id, command }, result))
    }
  }

  const runs = createRuns({ executors: deps.executors, lanes, clock, send, ended })

  const isDoubtful = () =>
    deps.journalLost && firstWelcomeAt !== null && clock.monotonic() - firstWelcomeAt < doubtfulFor

  lanes.onFree('reconciling', guarded(startWaiting))

  return {
    recover: guarded(() => {
      happen({ type: 'recover' })
      startWaiting()
    }),
    welcomed: (low) => {
      firstWelcomeAt ??= clock.monotonic()
      guarded(() => happen({ type: 'low', low }))()
      runs.offer()
    },
    receive: (frame) =>
      guarded(() => {
        switch (frame.type) {
          case 'command':
            happen({ ...frame, type: 'received', mayHaveRun: isDoubtful() })
            return startWaiting()
          case 'cancel':
            happen({ type: 'cancel', id: frame.id })
            return startWaiting()
          case 'low':
            return happen({ type: 'low', low: frame.low })
        }
      })(),
    unsupported: ({ id, seq }) => {
      const message = 'The agent on this node does not know this command. Update it.'
      send({ type: 'done', id, seq, result: failedWith('unsupported', message) })
    },
    cancelServer: (serverId) => {
      for (const { id, command } of journal.rows.values()) {
        if (command.serverId === serverId) guarded(() => happen({ type: 'cancel', id }))()
      }
    },
    inflight: () =>
      [...journal.rows.values()].flatMap(({ id, phase }) => (phase === 'settled' ? [] : [id])),
    close: async () => {
      closed = true
      cancelTimer()
      await runs.close()
    },
  }
}
