import { eq, sql } from 'drizzle-orm'
import { HeldRoles, type User } from '../../../contract/api/accounts.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { noPassword } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { hasTwoFactor } from '../auth/recognise.ts'
import { iso, isoOrNull } from '../iso.ts'

const rolesOfUser = sql<string>`(SELECT json_group_array(json_object('id', r.id, 'name', r.name, 'builtin', r.builtin)) FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = users.id)`

const invitedUntilOfUser = sql<
  number | null
>`(SELECT max(t.expires_at) FROM one_time_tokens t WHERE t.user_id = users.id AND t.purpose = 'account_invite')`

/** Without a password, and without another way in. */
const isInvitedUser = sql<number>`(users.password_hash = ${noPassword}
  AND NOT EXISTS (SELECT 1 FROM external_identities e WHERE e.user_id = users.id)
  AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = users.id))`

/** Accounts with what of them may be told; never a password's hash. */
export function selectUsers(db: Queries) {
  return db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
      roles: rolesOfUser,
      hasTwoFactor,
      hasPassword: sql<number>`users.password_hash <> ${noPassword}`,
      isInvited: isInvitedUser,
      invitedUntil: invitedUntilOfUser,
    })
    .from(users)
    .$dynamic()
}

type SelectedUser = Awaited<ReturnType<typeof selectUsers>>[number]

export function toUser({ id, email, name, ...row }: SelectedUser): User {
  const roles = HeldRoles.parse(JSON.parse(row.roles))
  return {
    id,
    email,
    name,
    roles: roles.sort((one, other) => one.name.localeCompare(other.name)),
    hasTwoFactor: row.hasTwoFactor === 1,
    hasPassword: row.hasPassword === 1,
    isInvited: row.isInvited === 1,
    invitedUntil: isoOrNull(row.invitedUntil),
    disabledAt: isoOrNull(row.disabledAt),
    createdAt: iso(row.createdAt),
  }
}

/** @throws `not_found` */
export async function readUser(db: Queries, id: UserId): Promise<User> {
  const [row] = await selectUsers(db).where(eq(users.id, id))
  if (row === undefined) throw new AppError('not_found')
  return toUser(row)
}
