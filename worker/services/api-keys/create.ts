import { sql } from 'drizzle-orm'
import type { apiKeys as endpoints, NewApiKey } from '../../../contract/api/api-keys.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ApiKeyId } from '../../../contract/ids.ts'
import { hashToken } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import type { ApiKeyRow } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import { type Ctx, newId } from '../context.ts'
import { changedBounds, unbounded } from './bounds.ts'
import { newApiKey, startOf } from './key-text.ts'
import { auditedKey, toApiKey } from './present.ts'

/** @throws `exceeds_your_rights`, `invalid_input`, `limit_reached` */
export async function createApiKey(
  ctx: Ctx,
  { name, ...given }: Input<typeof endpoints.create>,
): Promise<NewApiKey> {
  const person = requirePerson(ctx)
  const key = newApiKey(ctx)
  const now = ctx.clock.now()
  const row = await inTransaction(ctx.db, async (tx) => {
    const made: ApiKeyRow = {
      ...(await changedBounds(tx, person, unbounded, given, now)),
      id: newId<ApiKeyId>(ctx),
      userId: person.id,
      name,
      tokenHash: hashToken(key),
      start: startOf(key),
      lastUsedAt: null,
      lastUsedIp: null,
      createdAt: now,
    }
    await insertWithin(tx, made, ctx.policy.apiKeysPerAccount)
    const target = { type: 'api_key', id: made.id } as const
    await audit(tx, ctx, { action: 'api_key.create', target, after: auditedKey(made) })
    return made
  })
  return { ...toApiKey(row), key }
}

/** One statement counts and writes, so that requests side by side do not pass the limit together [S6]. */
async function insertWithin(tx: Queries, row: ApiKeyRow, limit: number): Promise<void> {
  const { id, userId, name, tokenHash, start, expiresAt, createdAt } = row
  const written = await tx.run(sql`
    INSERT INTO api_keys (id, user_id, name, token_hash, start, permissions, server_ids, addresses,
      expires_at, created_at)
    SELECT ${id}, ${userId}, ${name}, ${tokenHash}, ${start}, ${JSON.stringify(row.permissions)},
      ${jsonOrNull(row.serverIds)}, ${jsonOrNull(row.addresses)}, ${expiresAt}, ${createdAt}
    WHERE (SELECT count(*) FROM api_keys WHERE user_id = ${userId}) < ${limit}`)
  if (written.rowsAffected === 0) throw new AppError('limit_reached', { limit })
}

function jsonOrNull(value: readonly string[] | null): string | null {
  return value === null ? null : JSON.stringify(value)
}
