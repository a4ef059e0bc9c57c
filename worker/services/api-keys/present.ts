import type { ApiKey } from '../../../contract/api/api-keys.ts'
import type { ApiKeyRow } from '../../db/schema/rights.ts'
import { iso, isoOrNull } from '../iso.ts'

/** A key as the API tells it: never what opens it. */
export function toApiKey(row: ApiKeyRow): ApiKey {
  const { id, name, start, permissions, serverIds, addresses, lastUsedIp } = row
  return {
    id,
    name,
    start,
    permissions: [...permissions],
    serverIds: serverIds === null ? null : [...serverIds],
    addresses: addresses === null ? null : [...addresses],
    expiresAt: isoOrNull(row.expiresAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
    lastUsedIp,
    createdAt: iso(row.createdAt),
  }
}

/** What of a key the audit log says. */
export function auditedKey(row: ApiKeyRow) {
  const { name, start, permissions, serverIds, addresses, expiresAt } = row
  return { name, start, permissions, serverIds, addresses, expiresAt: isoOrNull(expiresAt) }
}
