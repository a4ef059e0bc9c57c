import { setMeta } from '../../db/meta.ts'
import { type Deps, watchdogCtx } from '../context.ts'
import { sendDue } from '../mail/send.ts'
import { liftEnded } from '../servers/suspend.ts'
import { deleteLongSuspended } from './long-suspended.ts'
import { pokeNodes } from './poke.ts'
import { repeatDeliveries, repeatForgetting, repeatKeys } from './repeat.ts'
import { deleteExpired } from './tidy.ts'

const suspensionsPerRun = 50

/** What has to be done each minute, each apart from the others: one that fails stops none of them. */
const chores = {
  note_time: (deps: Deps) =>
    setMeta(deps.db, 'watchdog_last_at', String(deps.clock.now())).then(() => undefined),
  deliveries: repeatDeliveries,
  keys: repeatKeys,
  forgetting: repeatForgetting,
  suspensions: (deps: Deps) => liftEnded(watchdogCtx(deps), suspensionsPerRun),
  deletions: deleteLongSuspended,
  pokes: pokeNodes,
  tidying: deleteExpired,
  // The last, since a mail server may take its time.
  mail: sendDue,
} as const satisfies Record<string, (deps: Deps) => Promise<void>>

export async function runWatchdog(deps: Deps): Promise<void> {
  for (const [chore, run] of Object.entries(chores)) {
    try {
      await run(deps)
    } catch (error) {
      const reason = error instanceof Error ? error.name : typeof error
      deps.log.error('watchdog_chore_failed', { chore, reason })
    }
  }
}
