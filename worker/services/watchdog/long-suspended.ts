import { and, asc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import { type Ctx, type Deps, watchdogCtx } from '../context.ts'
import { iso } from '../iso.ts'
import { queueMail } from '../mail/queue.ts'
import { mailedLinksLeadTo } from '../mail/way.ts'
import { readCurrent } from '../servers/current.ts'
import { deleteServer } from '../servers/delete.ts'
import { type DeletionRule, timedDeletionOf } from '../servers/timed-deletion.ts'
import { readSettings } from '../settings/stored.ts'

const dayMs = 24 * 3_600_000
/** What a run leaves is taken up by the next. */
const perRun = 20

interface LongSuspended extends DeletionRule {
  readonly deleteAfterDays: number
}

/** Deletes servers that were suspended for as long as the setting says, once their owners were warned. */
export async function deleteLongSuspended(deps: Deps): Promise<void> {
  const { deleteAfterDays, warnDaysBefore } = (await readSettings(deps.db)).suspension
  if (deleteAfterDays === null) return
  const rule = { deleteAfterDays, warnDaysBefore }
  const ctx = watchdogCtx(deps, ['server.delete', 'server.suspend'])
  for (const { id } of await readUnwarned(deps, rule))
    await each(deps, id, () => warn(ctx, id, rule))
  for (const { id } of await readDue(deps, rule)) {
    const isDue = (server: ServerRow) => {
      const deletion = timedDeletionOf(server, rule, ctx.clock.now())
      return server.deletionWarnedAt !== null && deletion !== null && deletion.at <= ctx.clock.now()
    }
    await each(deps, id, () => deleteServer(ctx, { serverId: id }, isDue))
  }
}

/** One that was lifted or deleted in this very moment stops none of the others. */
async function each(
  { log }: Deps,
  serverId: ServerId,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.info('timed_deletion_left_out', { serverId, code: error.code })
  }
}

function readUnwarned({ db, clock }: Deps, { deleteAfterDays, warnDaysBefore }: LongSuspended) {
  const now = clock.now()
  const warnMs = warnDaysBefore * dayMs
  return longSuspended(
    db,
    isNull(servers.deletionWarnedAt),
    lte(servers.suspendedAt, now - deleteAfterDays * dayMs + warnMs),
    // Otherwise it is lifted before.
    or(isNull(servers.suspendedUntil), gt(servers.suspendedUntil, now + warnMs)),
  )
}

function readDue({ db, clock }: Deps, { deleteAfterDays, warnDaysBefore }: LongSuspended) {
  const now = clock.now()
  return longSuspended(
    db,
    lte(servers.deletionWarnedAt, now - warnDaysBefore * dayMs),
    lte(servers.suspendedAt, now - deleteAfterDays * dayMs),
  )
}

function longSuspended(db: Queries, ...conditions: Parameters<typeof and>) {
  return db
    .select({ id: servers.id })
    .from(servers)
    .where(and(eq(servers.removed, false), ...conditions))
    .orderBy(asc(servers.suspendedAt))
    .limit(perRun)
}

async function warn(ctx: Ctx, id: ServerId, rule: LongSuspended): Promise<void> {
  const now = ctx.clock.now()
  await inTransaction(ctx.db, async (tx) => {
    const server = await readCurrent(tx, id)
    const deletion = timedDeletionOf(server, rule, now)
    const isWarned = server.removed || server.deletionWarnedAt !== null
    if (isWarned || deletion === null || deletion.warnFrom > now) return
    await tx.update(servers).set({ deletionWarnedAt: now }).where(eq(servers.id, id))
    await mailOwner(tx, ctx, server, deletion.at)
    await audit(tx, ctx, {
      action: 'server.warn_deletion',
      target: { type: 'server', id },
      after: { deletesAt: iso(deletion.at) },
    })
  })
}

/** Where no mail is set up the panel itself shows the day: see `deletesAt`. */
async function mailOwner(tx: Queries, ctx: Ctx, server: ServerRow, at: number): Promise<void> {
  const panelUrl = await mailedLinksLeadTo(tx)
  const [owner] = await tx
    .select({ email: users.email, name: users.name })
    .from(users)
    .where(eq(users.id, server.ownerId))
  if (panelUrl === null || owner === undefined) return
  const day = new Date(at).toUTCString()
  const lines = [
    `Hello ${owner.name},`,
    `your server "${server.name}" is suspended.`,
    ...(server.suspensionReason === null ? [] : [`The reason: ${server.suspensionReason}`]),
    `If it stays so, it will be deleted with all of its files on ${day}.`,
    `${panelUrl}/servers/${server.id}`,
  ]
  await queueMail(tx, ctx, {
    to: owner.email,
    subject: `Your server "${server.name}" will be deleted`,
    text: `${lines.join('\n\n')}\n`,
  })
}
