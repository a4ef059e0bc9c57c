import { and, asc, eq } from 'drizzle-orm'
import type { ServerInvite, SubUser } from '../../../contract/api/sub-users.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId, UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { type ServerInviteRow, serverUsers } from '../../db/schema/rights.ts'
import { iso } from '../iso.ts'

/** Sub-users of a server, or one of them, with their accounts: those who came first before the others. */
export function selectSubUsers(db: Queries, serverId: ServerId, userId?: UserId) {
  return db
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      permissions: serverUsers.permissions,
      createdAt: serverUsers.createdAt,
    })
    .from(serverUsers)
    .innerJoin(users, eq(users.id, serverUsers.userId))
    .where(
      and(
        eq(serverUsers.serverId, serverId),
        userId === undefined ? undefined : eq(serverUsers.userId, userId),
      ),
    )
    .orderBy(asc(serverUsers.createdAt), asc(users.id))
}

type SelectedSubUser = Awaited<ReturnType<typeof selectSubUsers>>[number]

export function toSubUser({ permissions, createdAt, ...account }: SelectedSubUser): SubUser {
  return { ...account, permissions: [...permissions], createdAt: iso(createdAt) }
}

/** @throws `not_found` */
export async function readSubUser(
  db: Queries,
  serverId: ServerId,
  userId: UserId,
): Promise<SubUser> {
  const [row] = await selectSubUsers(db, serverId, userId)
  if (row === undefined) throw new AppError('not_found')
  return toSubUser(row)
}

export function toInvite(row: ServerInviteRow): ServerInvite {
  const { id, email, permissions, offersOwnership, invitedByName, createdAt, expiresAt } = row
  const times = { createdAt: iso(createdAt), expiresAt: iso(expiresAt) }
  return { id, email, permissions: [...permissions], offersOwnership, invitedByName, ...times }
}
