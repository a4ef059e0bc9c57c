import { audit } from '../../contract/api/audit.ts'
import type { RoleId, UserId } from '../../contract/ids.ts'
import type { Permission } from '../../contract/permissions.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { roles, userRoles } from '../../worker/db/schema/rights.ts'
import { passkeys } from '../../worker/db/schema/sign-in.ts'
import { newId } from '../../worker/services/context.ts'
import type { World } from './world.ts'

export const dayMs = 24 * 3_600_000
export const password = 'correct horse battery'

export function tokenOf(url: string | URL | null): string {
  if (url === null) throw new Error('there is no link')
  return new URL(url).hash.slice(1)
}

/** Somebody with a password. */
export async function ann(w: World, change: Parameters<World['user']>[0] = {}) {
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  return w.user({ email: 'ann@example.org', name: 'Ann', passwordHash, ...change })
}

/** From now on a passkey is asked for when the account signs in. */
export async function giveSecondFactor(w: World, userId: UserId): Promise<void> {
  const key = { id: 'a-passkey', name: 'Key', publicKey: 'AA', counter: 0, transports: [] }
  await w.deps.db.insert(passkeys).values({ ...key, userId, createdAt: w.clock.now() })
}

/** Somebody who may do these things and nothing else. */
export async function clerkWith(w: World, permissions: readonly Permission[]) {
  const clerk = await w.user()
  const roleId = newId<RoleId>(w.deps)
  const times = { createdAt: w.clock.now(), updatedAt: w.clock.now() }
  await w.deps.db
    .insert(roles)
    .values({ id: roleId, name: 'Clerk', nameKey: 'clerk', permissions, ...times })
  await w.deps.db.insert(userRoles).values({ userId: clerk.id, roleId })
  return clerk
}

export async function actions(w: World): Promise<string[]> {
  await w.settled()
  return (await w.operator.page(audit.list, {})).items.map(({ action }) => action).sort()
}
