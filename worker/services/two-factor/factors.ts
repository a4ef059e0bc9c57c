import { and, eq, sql } from 'drizzle-orm'
import type { UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { roles, userRoles } from '../../db/schema/rights.ts'

/** What an account can show besides its password. */
export interface Factors {
  readonly totp: boolean
  readonly passkeys: number
  /** Unused codes, which stand in for a lost factor and are none themselves. */
  readonly recoveryCodes: number
}

/** Columns of `users` are written out for the reason that `hasTwoFactor` has. */
const counts = {
  totps: sql<number>`(SELECT COUNT(*) FROM totp_secrets t WHERE t.user_id = users.id)`,
  passkeys: sql<number>`(SELECT COUNT(*) FROM passkeys p WHERE p.user_id = users.id)`,
  recoveryCodes: sql<number>`(SELECT COUNT(*) FROM recovery_codes c
    WHERE c.user_id = users.id AND c.used_at IS NULL)`,
}

/** One statement, since every sign-in asks it in its transaction. */
export async function readFactors(db: Queries, userId: UserId): Promise<Factors> {
  const [row] = await db.select(counts).from(users).where(eq(users.id, userId))
  if (row === undefined) return { totp: false, passkeys: 0, recoveryCodes: 0 }
  const { totps, passkeys, recoveryCodes } = row
  return { totp: totps > 0, passkeys, recoveryCodes }
}

export function hasFactor({ totp, passkeys }: Factors): boolean {
  return totp || passkeys > 0
}

/** Whether a role of the account asks for a second factor. */
export async function mustHaveFactor(db: Queries, userId: UserId): Promise<boolean> {
  const asking = await db
    .select({ id: roles.id })
    .from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(and(eq(userRoles.userId, userId), eq(roles.requiresTwoFactor, true)))
    .limit(1)
  return asking.length > 0
}
