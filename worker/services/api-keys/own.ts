import { and, desc, eq } from 'drizzle-orm'
import type { ApiKey, apiKeys as endpoints } from '../../../contract/api/api-keys.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ApiKeyId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { type ApiKeyRow, apiKeys } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx, Person } from '../context.ts'
import { changesOf } from '../given.ts'
import { changedBounds } from './bounds.ts'
import { auditedKey, toApiKey } from './present.ts'

export async function listApiKeys(ctx: Ctx): Promise<ApiKey[]> {
  const rows = await ctx.db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.userId, requirePerson(ctx).id))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
  return rows.map(toApiKey)
}

/**
 * Consoles that the account has open close when the key opens other things than before; whoever still may
 * comes back.
 * @throws `not_found`, `exceeds_your_rights`, `invalid_input`
 */
export async function updateApiKey(
  ctx: Ctx,
  { apiKeyId, name, ...given }: Input<typeof endpoints.update>,
): Promise<ApiKey> {
  const person = requirePerson(ctx)
  const { row, isRenamedOnly } = await inTransaction(ctx.db, async (tx) => {
    const before = await readOwn(tx, person, apiKeyId)
    const bounds = await changedBounds(tx, person, before, given, ctx.clock.now())
    const after = { ...before, ...bounds, name: name ?? before.name }
    await tx
      .update(apiKeys)
      .set({ ...bounds, name: after.name })
      .where(eq(apiKeys.id, apiKeyId))
    const changes = changesOf(auditedKey(before), auditedKey(after))
    const target = { type: 'api_key', id: apiKeyId } as const
    await audit(tx, ctx, { action: 'api_key.update', target, ...changes })
    return { row: after, isRenamedOnly: Object.keys(changes.after).every((key) => key === 'name') }
  })
  if (!isRenamedOnly) await closeWatchers(ctx, person)
  return toApiKey(row)
}

/** @throws `not_found` */
export async function deleteApiKey(
  ctx: Ctx,
  { apiKeyId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  await inTransaction(ctx.db, async (tx) => {
    const row = await readOwn(tx, person, apiKeyId)
    await tx.delete(apiKeys).where(eq(apiKeys.id, apiKeyId))
    const target = { type: 'api_key', id: apiKeyId } as const
    await audit(tx, ctx, { action: 'api_key.delete', target, before: auditedKey(row) })
  })
  await closeWatchers(ctx, person)
  return {}
}

async function readOwn(tx: Queries, { id }: Person, apiKeyId: ApiKeyId): Promise<ApiKeyRow> {
  const [row] = await tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.id, apiKeyId), eq(apiKeys.userId, id)))
  if (row === undefined) throw new AppError('not_found')
  return row
}
