import { and, eq, lte } from 'drizzle-orm'
import type { servers as endpoints, ServerDetail } from '../../../contract/api/servers.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { isoOrNull } from '../iso.ts'
import { supersedeClicks } from '../operations/begin.ts'
import { tellServer } from '../operations/deliver.ts'
import { readCurrent } from './current.ts'
import { raiseGeneration } from './desired.ts'
import { readDetail } from './detail.ts'

/**
 * [D6] Part of what should be: the node stops the server and starts it no more, also while it does not
 * reach the panel. Whether it ran before is not kept: whoever lifts the suspension does not start it.
 * @throws `already_suspended`
 */
export async function suspendServer(
  ctx: Ctx,
  { serverId, reason, until }: Input<typeof endpoints.suspend>,
): Promise<ServerDetail> {
  await allow(ctx, 'server.suspend', serverId)
  const now = ctx.clock.now()
  const suspendedUntil = until === null ? null : Date.parse(until)
  if (suspendedUntil !== null && suspendedUntil <= now) {
    throw new AppError('invalid_input', [{ path: ['until'], message: 'It has passed already.' }])
  }
  const server = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, serverId)
    if (before.suspendedAt !== null) throw new AppError('already_suspended')
    const after = await raiseGeneration(tx, before, {
      suspendedAt: now,
      suspendedByUserId: ctx.caller.kind === 'user' ? ctx.caller.id : null,
      suspensionReason: reason,
      suspendedUntil,
      deletionWarnedAt: null,
      wanted: 'stopped',
      how: 'stop',
    })
    await supersedeClicks(tx, after, now, 'The server was suspended.')
    const target = { type: 'server', id: serverId } as const
    await audit(tx, ctx, { action: 'server.suspend', target, after: { reason, until } })
    return after
  })
  await tellServer(ctx, server)
  return readDetail(ctx, serverId)
}

/** @throws `not_suspended` */
export async function unsuspendServer(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.unsuspend>,
): Promise<ServerDetail> {
  await allow(ctx, 'server.suspend', serverId)
  const server = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, serverId)
    if (before.suspendedAt === null) throw new AppError('not_suspended')
    return lift(tx, ctx, before)
  })
  await tellServer(ctx, server)
  return readDetail(ctx, serverId)
}

/** Lifts suspensions whose time is over. */
export async function liftEnded(ctx: Ctx, atMost: number): Promise<void> {
  const isOver = lte(servers.suspendedUntil, ctx.clock.now())
  const over = await ctx.db
    .select({ id: servers.id })
    .from(servers)
    .where(and(isOver, eq(servers.removed, false)))
    .limit(atMost)
  for (const { id } of over) await liftOne(ctx, id)
}

async function liftOne(ctx: Ctx, id: ServerId): Promise<void> {
  const server = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, id)
    const isOver = before.suspendedUntil !== null && before.suspendedUntil <= ctx.clock.now()
    return isOver ? lift(tx, ctx, before) : null
  })
  if (server !== null) await tellServer(ctx, server)
}

async function lift(tx: Queries, ctx: Ctx, before: ServerRow): Promise<ServerRow> {
  const after = await raiseGeneration(tx, before, {
    suspendedAt: null,
    suspendedByUserId: null,
    suspensionReason: null,
    suspendedUntil: null,
    deletionWarnedAt: null,
  })
  await audit(tx, ctx, {
    action: 'server.unsuspend',
    target: { type: 'server', id: before.id },
    before: { reason: before.suspensionReason, until: isoOrNull(before.suspendedUntil) },
  })
  return after
}
