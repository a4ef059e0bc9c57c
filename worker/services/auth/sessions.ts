import { and, eq, gt } from 'drizzle-orm'
import type { Me, User } from '../../../contract/api/accounts.ts'
import type { UserId } from '../../../contract/ids.ts'
import { rolePermissions } from '../../../contract/permissions.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { sessions, type UserRow, users } from '../../db/schema/accounts.ts'
import { type Caller, type Ctx, type Deps, newToken } from '../context.ts'
import { iso, isoOrNull } from '../iso.ts'

const day = 24 * 60 * 60 * 1000
const lastsMs = { remembered: 30 * day, other: 7 * day }

/** A session as its holder gets it, once. */
export interface NewSession {
  readonly token: string
  readonly tokenHash: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Who a session's token belongs to; `anonymous` when it is unknown or has expired. */
export async function findSession({ db, clock }: Deps, token: string): Promise<Caller> {
  const tokenHash = hashToken(token)
  const [user] = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, clock.now())))
  if (user === undefined || user.disabledAt !== null) return { kind: 'anonymous' }
  return { kind: 'user', ...user, permissions: rolePermissions(user.role), tokenHash }
}

/** Writes a new session. Each sign-in makes one with a token of its own. */
export async function openSession(
  tx: Queries,
  ctx: Ctx,
  userId: UserId,
  remembered: boolean,
): Promise<NewSession> {
  const token = newToken(ctx)
  const now = ctx.clock.now()
  const expiresAt = now + (remembered ? lastsMs.remembered : lastsMs.other)
  const tokenHash = hashToken(token)
  await tx.insert(sessions).values({
    tokenHash,
    userId,
    createdAt: now,
    expiresAt,
    userAgent: ctx.request.userAgent,
    ip: ctx.request.ip,
  })
  return { token, tokenHash, expiresAt }
}

/** What of an account may be told; never its password's hash. */
export type PublicUserRow = Pick<
  UserRow,
  'id' | 'email' | 'name' | 'role' | 'disabledAt' | 'createdAt'
>

export function toUser({ id, email, name, role, disabledAt, createdAt }: PublicUserRow): User {
  return { id, email, name, role, disabledAt: isoOrNull(disabledAt), createdAt: iso(createdAt) }
}

/** An account as its owner sees it. */
export function toMe(user: PublicUserRow): Me {
  return { ...toUser(user), permissions: [...rolePermissions(user.role)] }
}
