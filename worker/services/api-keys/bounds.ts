import { and, inArray } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { lacking, usableRights } from '../../../contract/rules/rights.ts'
import type { Queries } from '../../db/client.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Person } from '../context.ts'
import { visibleServers } from '../visible.ts'
import { canonicalRange } from './addresses.ts'

/** What bounds a key, as rows keep it. */
export interface KeyBounds {
  readonly permissions: readonly Permission[]
  readonly serverIds: readonly ServerId[] | null
  readonly addresses: readonly string[] | null
  readonly expiresAt: number | null
}

/** The same as requests give it; what is not given stays as it is. */
export interface GivenBounds {
  readonly permissions?: readonly Permission[] | undefined
  readonly serverIds?: readonly ServerId[] | null | undefined
  readonly addresses?: readonly string[] | null | undefined
  readonly expiresAt?: string | null | undefined
}

export const unbounded = {
  permissions: [],
  serverIds: null,
  addresses: null,
  expiresAt: null,
} as const satisfies KeyBounds

/**
 * A key's bounds after a change. Only what is added is judged: a key goes on whose account has lost a right
 * since, and without it, since whatever it does is held against what the account may do then.
 * @throws `exceeds_your_rights`; `invalid_input` for servers that the account does not see, and for a time
 *   that is over
 */
export async function changedBounds(
  tx: Queries,
  person: Person,
  before: KeyBounds,
  given: GivenBounds,
  now: number,
): Promise<KeyBounds> {
  const { permissions = before.permissions, serverIds = before.serverIds } = given
  requireWithinOwn(person, lacking(permissions, before.permissions))
  const added = (serverIds ?? []).filter((id) => before.serverIds?.includes(id) !== true)
  await requireSeen(tx, person, added)
  return {
    permissions,
    serverIds,
    addresses: given.addresses === undefined ? before.addresses : canonical(given.addresses),
    expiresAt: given.expiresAt === undefined ? before.expiresAt : expiryOf(given.expiresAt, now),
  }
}

function requireWithinOwn({ permissions, grants }: Person, wanted: readonly Permission[]): void {
  const missing = lacking(wanted, usableRights(permissions, grants.values()))
  if (missing.length > 0) throw new AppError('exceeds_your_rights', { missing })
}

async function requireSeen(tx: Queries, person: Person, ids: readonly ServerId[]): Promise<void> {
  if (ids.length === 0) return
  const seen = await tx
    .select({ id: servers.id })
    .from(servers)
    .where(and(inArray(servers.id, [...ids]), visibleServers(person)))
  if (seen.length === ids.length) return
  const message = 'There is no such server, or you may not see it.'
  throw new AppError('invalid_input', [{ path: ['serverIds'], message }])
}

function canonical(addresses: readonly string[] | null): readonly string[] | null {
  return addresses === null ? null : [...new Set(addresses.map(canonicalRange))]
}

function expiryOf(text: string | null, now: number): number | null {
  if (text === null) return null
  const at = Date.parse(text)
  if (at > now) return at
  throw new AppError('invalid_input', [{ path: ['expiresAt'], message: 'Choose a later time.' }])
}
