import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '../../contract/errors.ts'
import type { OperationId } from '../../contract/ids.ts'
import type { Queries } from '../db/client.ts'
import { type IdempotencyRow, idempotencyKeys } from '../db/schema/activity.ts'
import type { Ctx, NamedRequest } from './context.ts'

/** How long a key is known at least, in milliseconds. */
export const keptForMs = 24 * 3_600_000
/** No request works longer: the platform and the database's client end it before, in milliseconds. */
const atWorkAtMostMs = 120_000

/** An answer as it was first given. */
export interface Answer {
  readonly status: number
  readonly reply: unknown
}

/** What became of an earlier request with the same key. */
export type Earlier =
  | { readonly answer: Answer }
  /** It was carried out, and how it was answered is not known. */
  | { readonly done: Pick<IdempotencyRow, 'operationId' | 'targetType' | 'targetId'> }

/**
 * What an earlier request with this key did; null when none changed anything.
 * @throws `idempotency_conflict`, `idempotency_in_progress`
 */
export async function findEarlier(ctx: Ctx, named: NamedRequest): Promise<Earlier | null> {
  const [row] = await ctx.db.select().from(idempotencyKeys).where(isRow(named))
  if (row === undefined) return null
  if (row.fingerprint !== named.fingerprint) throw new AppError('idempotency_conflict')
  if (row.status !== null) return { answer: { status: row.status, reply: row.reply } }
  if (ctx.clock.now() - row.createdAt < atWorkAtMostMs)
    throw new AppError('idempotency_in_progress')
  return { done: row }
}

/**
 * Takes the request's key in the transaction that makes its change, so that both are there or neither.
 * Does nothing for a request without a key.
 * @throws `idempotency_in_progress` when another request took it; that one's transaction was first
 */
export async function claimKey(
  tx: Queries,
  { once, request, clock }: Ctx,
  fact: {
    readonly target?: { readonly type: string; readonly id: string } | null
    readonly operationId?: OperationId
  },
): Promise<void> {
  if (once === null) return
  const claim = {
    fingerprint: once.fingerprint,
    requestId: request.id,
    createdAt: clock.now(),
    targetType: fact.target?.type ?? null,
    targetId: fact.target?.id ?? null,
    operationId: fact.operationId ?? null,
  }
  const { requestId, targetType, targetId, operationId } = idempotencyKeys
  const taken = await tx
    .insert(idempotencyKeys)
    .values({ caller: once.caller, keyHash: once.keyHash, ...claim })
    .onConflictDoUpdate({
      target: [idempotencyKeys.caller, idempotencyKeys.keyHash],
      set: {
        ...claim,
        targetType: sql`coalesce(${targetType}, excluded.target_type)`,
        targetId: sql`coalesce(${targetId}, excluded.target_id)`,
        operationId: sql`coalesce(${operationId}, excluded.operation_id)`,
      },
      setWhere: sql`${requestId} = excluded.request_id`,
    })
    .returning({ requestId })
  if (taken.length === 0) throw new AppError('idempotency_in_progress')
}

/**
 * Keeps how a request was answered, if it changed something.
 * @returns whether it did
 */
export async function keepAnswer(ctx: Ctx, named: NamedRequest, answer: Answer): Promise<boolean> {
  const kept = await ctx.db
    .update(idempotencyKeys)
    .set({ status: answer.status, reply: answer.reply })
    .where(and(isRow(named), eq(idempotencyKeys.requestId, ctx.request.id)))
    .returning({ requestId: idempotencyKeys.requestId })
  return kept.length > 0
}

function isRow({ caller, keyHash }: NamedRequest) {
  return and(eq(idempotencyKeys.caller, caller), eq(idempotencyKeys.keyHash, keyHash))
}
