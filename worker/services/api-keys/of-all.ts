import { count, desc, eq } from 'drizzle-orm'
import type { allApiKeys as endpoints, OwnedApiKey } from '../../../contract/api/api-keys.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { apiKeys } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { offsetOf, toPage } from '../page.ts'
import { readRights, requireHoldsAll } from '../users/rights-now.ts'
import { auditedKey, toApiKey } from './present.ts'

export async function listAllApiKeys(
  { db }: Ctx,
  { userId, ...query }: Input<typeof endpoints.list>,
): Promise<Page<OwnedApiKey>> {
  const isMeant = userId === undefined ? undefined : eq(apiKeys.userId, userId)
  const [[counted], rows] = await db.batch([
    db.select({ total: count() }).from(apiKeys).where(isMeant),
    db
      .select({ key: apiKeys, owner: { userId: users.id, name: users.name, email: users.email } })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(isMeant)
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  const keys = rows.map(({ key, owner }) => ({ ...toApiKey(key), owner }))
  return toPage(keys, counted?.total ?? 0, query)
}

/** @throws `not_found`, `exceeds_your_rights` over an account that holds more than the caller */
export async function revokeApiKey(
  ctx: Ctx,
  { apiKeyId }: Input<typeof endpoints.revoke>,
): Promise<Record<never, never>> {
  const watcher = await inTransaction(ctx.db, async (tx) => {
    const [row] = await tx.select().from(apiKeys).where(eq(apiKeys.id, apiKeyId))
    if (row === undefined) throw new AppError('not_found')
    const { userId } = row
    const { permissions } = await readRights(tx, userId)
    await requireHoldsAll(tx, ctx.caller, permissions)
    await tx.delete(apiKeys).where(eq(apiKeys.id, apiKeyId))
    const target = { type: 'api_key', id: apiKeyId } as const
    const before = { userId, ...auditedKey(row) }
    await audit(tx, ctx, { action: 'api_key.revoke', target, before })
    return { id: userId, permissions }
  })
  await closeWatchers(ctx, watcher)
  return {}
}
