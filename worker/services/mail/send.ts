import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { MailId } from '../../../contract/ids.ts'
import { type MailRow, mails } from '../../db/schema/panel.ts'
import type { Deps } from '../context.ts'
import type { Outcome } from './carrier.ts'
import { openContent } from './queue.ts'
import { writeResetMail } from './reset-mail.ts'
import { type OpenedWay, openWay } from './way.ts'

const minuteMs = 60_000
/** From then on a mail is given up. */
const triedForMs = 24 * 60 * minuteMs
/** The longest pause between two attempts. */
const pauseAtMostMs = 4 * 60 * minuteMs
/** A run of the watchdog ends well within its minute; what it leaves is taken up by the next. */
const runsForMs = 20_000

/** After so many attempts: 2, 4, 8 … minutes. Longer than one attempt takes, so that none begins beside it. */
function pauseAfter(attempts: number): number {
  return Math.min(2 ** attempts * minuteMs, pauseAtMostMs)
}

/** Sends what a request has just written. */
export async function sendWritten(deps: Deps, ids: readonly MailId[]): Promise<void> {
  for (const id of ids) await sendOne(deps, id)
}

/** Sends what is due, the oldest first; leaves the rest when the mail server is not there. */
export async function sendDue(deps: Deps): Promise<void> {
  const began = deps.clock.now()
  while (deps.clock.now() - began < runsForMs) {
    const [next] = await deps.db
      .select({ id: mails.id })
      .from(mails)
      .where(isDue(began))
      .orderBy(asc(mails.nextAttemptAt))
      .limit(1)
    if (next === undefined) return
    const outcome = await sendOne(deps, next.id)
    if (outcome !== null && !outcome.taken && outcome.fault === 'unreachable') return
  }
}

/**
 * One attempt. Its turn is taken first, in the database: of two that try at the same time one sends. A
 * process that ends in the middle leaves the mail to its next turn, so it may go out twice and never not.
 * @returns null when there was nothing to send
 */
async function sendOne(deps: Deps, id: MailId): Promise<Outcome | null> {
  const row = await takeTurn(deps, id)
  if (row === null) return null
  const outcome = await attempt(deps, row)
  if (outcome !== null) await settle(deps, row, outcome)
  return outcome
}

async function takeTurn({ db, clock }: Deps, id: MailId): Promise<MailRow | null> {
  const now = clock.now()
  const [row] = await db
    .update(mails)
    .set({ attempts: sql`${mails.attempts} + 1`, nextAttemptAt: now + minuteMs })
    .where(and(eq(mails.id, id), isDue(now)))
    .returning()
  return row ?? null
}

async function attempt(deps: Deps, row: MailRow): Promise<Outcome | null> {
  const opened = await openWay(deps)
  if (opened.way === null) return { taken: false, fault: 'unreachable', said: opened.said }
  const content = openContent(deps, row)
  if (content === null) return givenUp('It cannot be read any more: its key is gone.')
  if (content.kind === 'text') {
    const isTooLate = content.until !== null && content.until <= deps.clock.now()
    return isTooLate ? givenUp('It is too late for it.') : carry(deps, opened, row, content.text)
  }
  const text = await writeResetMail(deps, row, opened.panelUrl)
  return text === null ? null : carry(deps, opened, row, text)
}

function givenUp(said: string): Outcome {
  return { taken: false, fault: 'refused', said }
}

function carry(deps: Deps, { way, from }: OpenedWay, row: MailRow, text: string): Promise<Outcome> {
  const { id, recipient, subject, createdAt } = row
  return deps.mail.carry(way, { id, from, to: recipient, subject, text, at: createdAt })
}

async function settle({ db, clock, log }: Deps, row: MailRow, outcome: Outcome): Promise<void> {
  const now = clock.now()
  const isOver = !outcome.taken && (outcome.fault === 'refused' || now - row.createdAt > triedForMs)
  const ended = { body: '', nextAttemptAt: null, endedAt: now } as const
  const change = outcome.taken
    ? ({ ...ended, state: 'sent', error: null } as const)
    : isOver
      ? ({ ...ended, state: 'failed', error: outcome.said } as const)
      : { error: outcome.said, nextAttemptAt: now + pauseAfter(row.attempts) }
  await db.update(mails).set(change).where(eq(mails.id, row.id))
  if (!outcome.taken) log.error('mail_not_sent', { mailId: row.id, gaveUp: isOver })
}

function isDue(now: number) {
  return and(eq(mails.state, 'waiting'), lte(mails.nextAttemptAt, now))
}
