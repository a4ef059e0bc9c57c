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
  /** The agent was never started before, so there is nothing that a lost journal could have held. */
  readonly isFirstStart: boolean
}

/** Takes commands in and carries them out, one at a time per server. */
export interface Dispatch {
  /**
   * Settles what was under way when the agent ended; before new work [Q6].
   * @throws when the disk does not take it
   */
  recover(): void
  welcomed(low: number): void
  /** The link is gone. */
  down(): void
  /** The journal may be an older copy, which lacks what was done since. */
  outdated(): void
  /** `false`: the journal could not be written, and the frame is lost. */
  receive(frame: Extract<Incoming, { type: 'command' | 'cancel' | 'low' }>): boolean
  unsupported(command: { readonly id: OperationId; readonly seq: number }): void
  /** Breaks off what a server's lane does and may be broken off. */
  cancelServer(serverId: ServerId): void
  /** Commands that are not settled. */
  inflight(): OperationId[]
  /** Leaves what is under way to the next start; resolves when nothing is touched any more. */
  close(): Promise<void>
}

/**
 * After a lost journal, commands may be repeats until a link has lasted this long: all that may be one comes
 * right after a welcome [Q3]. Milliseconds.
 */
const doubtfulFor = 10_000
/** Before what could not be written down is written again. Milliseconds. */
const retryAfter = 5_000

export function createDispatch(deps: DispatchDeps): Dispatch {
  const { store, lanes, clock, log, bootId, send } = deps
  let journal: Journal = { rows: new Map(store.load().map((row) => [row.id, row])), low: 1 }
  let closed = false
  if (deps.isFirstStart) store.trust()
  let doubtful = !store.isTrusted()
  let cancelTrust = () => {}
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
    cancelTimer = due === null ? () => {} : clock.after(due - clock.monotonic(), startWhatMay)
  }

  /** What cannot be written down as started waits on. */
  const startWhatMay = () => {
    if (guarded(startWaiting)) return
    cancelTimer()
    cancelTimer = clock.after(retryAfter, startWhatMay)
  }

  /** `false`: the disk did not take it. */
  const guarded = (work: () => void): boolean => {
    try {
      work()
      return true
    } catch (error) {
      log.error('the journal could not be written', { reason: reasonOf(error) })
      return false
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

  /** On disk, for the next process knows no more than this one. */
  const trust = () => {
    guarded(() => {
      store.trust()
      doubtful = false
    })
  }

  lanes.onFree('reconciling', startWhatMay)

  return {
    recover: () => {
      happen({ type: 'recover' })
      startWhatMay()
    },
    welcomed: (low) => {
      if (doubtful) cancelTrust = clock.after(doubtfulFor, trust)
      guarded(() => happen({ type: 'low', low }))
      runs.offer()
    },
    down: () => cancelTrust(),
    outdated: () => {
      doubtful = true
      guarded(() => store.distrust())
    },
    receive: (frame) => {
      const taken = guarded(() => {
        switch (frame.type) {
          case 'command':
            return happen({
              ...frame,
              type: 'received',
              mayHaveRun: doubtful && frame.again !== false,
            })
          case 'cancel':
            return happen({ type: 'cancel', id: frame.id })
          case 'low':
            return happen({ type: 'low', low: frame.low })
        }
      })
      if (frame.type !== 'low') startWhatMay()
      return taken
    },
    unsupported: ({ id, seq }) => {
      const message = 'The agent on this node does not know this command. Update it.'
      send({ type: 'done', id, seq, result: failedWith('unsupported', message) })
    },
    cancelServer: (serverId) => {
      for (const { id, command } of journal.rows.values()) {
        if (command.serverId === serverId) guarded(() => happen({ type: 'cancel', id }))
      }
    },
    inflight: () =>
      [...journal.rows.values()].flatMap(({ id, phase }) => (phase === 'settled' ? [] : [id])),
    close: async () => {
      closed = true
      cancelTimer()
      cancelTrust()
      await runs.close()
    },
  }
}
