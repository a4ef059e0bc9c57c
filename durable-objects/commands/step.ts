import { assertNever } from '../../contract/assert-never.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { CommandResult, Progress } from '../../contract/protocol/commands.ts'
import type { SubmitCommand } from '../../contract/rpc.ts'
import { type CommandStep, CommandsDraft } from './draft.ts'
import { accepted, done, progressed, reportEvery, reportProgress } from './from-agent.ts'
import { cancel, cancelLane, submit } from './from-panel.ts'
import type { CommandRow, CommandsState } from './row.ts'
import { sendAgain, sendWhatMay } from './sending.ts'

/**
 * `finished` is the row of this id that storage holds as final, which the state does not; null: none.
 * Frames of the agent come here only after the link let them pass [N4].
 */
export type CommandEvent =
  | {
      readonly type: 'submit'
      readonly order: SubmitCommand
      readonly finished: CommandRow | null
      readonly now: number
    }
  | {
      readonly type: 'cancel'
      readonly id: OperationId
      readonly finished: CommandRow | null
      readonly now: number
    }
  | { readonly type: 'opened'; readonly epoch: number; readonly now: number }
  | { readonly type: 'closed' }
  | {
      readonly type: 'accepted'
      readonly id: OperationId
      readonly seq: number
      readonly now: number
    }
  | {
      readonly type: 'progress'
      readonly id: OperationId
      readonly progress: Progress
      readonly log: readonly string[]
      readonly now: number
    }
  | {
      readonly type: 'done'
      readonly id: OperationId
      readonly seq: number
      readonly result: CommandResult
      readonly now: number
    }
  | { readonly type: 'lane_gone'; readonly lane: ServerId; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }

/** Runs the queue on by one event [Q1 to Q3, Q8, Q9, Q11, Q12]. Nothing that is final changes. */
export function stepCommands(state: CommandsState, event: CommandEvent): CommandStep {
  const draft = new CommandsDraft(state)
  switch (event.type) {
    case 'submit':
      submit(draft, event.order, event.finished, event.now)
      break
    case 'cancel':
      draft.emit({ type: 'answer', result: cancel(draft, event.id, event.finished, event.now) })
      break
    case 'opened':
      draft.epoch = event.epoch
      sendAgain(draft, event.epoch, event.now)
      sendWhatMay(draft, event.now)
      break
    case 'closed':
      draft.epoch = null
      break
    case 'accepted':
      accepted(draft, event)
      break
    case 'progress':
      progressed(draft, event)
      break
    case 'done':
      done(draft, event)
      break
    case 'lane_gone':
      cancelLane(draft, event.lane, event.now)
      break
    case 'tick':
      reportProgress(draft, event.now)
      sendWhatMay(draft, event.now)
      break
    default:
      assertNever(event)
  }
  return draft.finish()
}

/** When a `tick` has something to do; null: never, as things stand. */
export function nextTickAt(state: CommandsState): number | null {
  let next = Number.POSITIVE_INFINITY
  for (const row of state.open.values()) {
    if (row.state === 'queued' && row.deadline !== null) next = Math.min(next, row.deadline)
    if (row.unreported) next = Math.min(next, row.reportedAt + reportEvery)
  }
  return next === Number.POSITIVE_INFINITY ? null : next
}
