import type { ApiKeyId, ServerId, UserId } from '../../contract/ids.ts'
import type { Permission } from '../../contract/permissions.ts'
import { hashToken } from '../../worker/crypto.ts'
import { apiKeys } from '../../worker/db/schema/rights.ts'
import { newApiKey, startOf } from '../../worker/services/api-keys/key-text.ts'
import { newId } from '../../worker/services/context.ts'
import { createWorld, type World } from './world.ts'
import { type Client, clientOf } from './world-client.ts'

interface KeyChange {
  readonly serverIds?: readonly ServerId[]
  readonly addresses?: readonly string[]
  readonly expiresAt?: number
}

/** An API key of an account, and the API as its holder has it. */
export async function addKey(
  w: World,
  userId: UserId,
  permissions: readonly Permission[],
  change: KeyChange = {},
): Promise<Client & { readonly id: ApiKeyId; readonly key: string }> {
  const key = newApiKey(w.deps)
  const id = newId<ApiKeyId>(w.deps)
  await w.deps.db.insert(apiKeys).values({
    id,
    userId,
    name: 'A key',
    tokenHash: hashToken(key),
    start: startOf(key),
    permissions,
    createdAt: w.clock.now(),
    ...change,
  })
  return { id, key, ...clientOf(w.send, { 'x-api-key': key }) }
}

/** Somebody with a server and a key that reads it, and how a request with headers of one's own is answered. */
export async function withKey() {
  const w = await createWorld()
  const user = await w.user()
  const server = await w.addServer({ ownerId: user.id })
  const key = await addKey(w, user.id, ['server.read', 'console.read'])
  const ask = async (headers: Record<string, string>, path = '/api/servers') =>
    (await w.send(path, { headers })).status
  return { w, user, server, key, ask }
}
