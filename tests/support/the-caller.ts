import { asc, eq } from 'drizzle-orm'
import { sessions, users } from '../../worker/db/schema/accounts.ts'
import { userRoles } from '../../worker/db/schema/rights.ts'
import type { World } from './world.ts'

/** Whoever signed in: an administrator before others. */
export async function theCaller(w: World) {
  const [caller] = await w.deps.db
    .select({ id: users.id, tokenHash: sessions.tokenHash })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(userRoles, eq(userRoles.userId, users.id))
    .orderBy(asc(userRoles.roleId))
    .limit(1)
  if (caller === undefined) throw new Error('nobody is signed in')
  return caller
}
