import { asc, eq } from 'drizzle-orm'
import type { InviteId, ServerId } from '../../contract/ids.ts'
import type { Permission } from '../../contract/permissions.ts'
import { hashToken } from '../../worker/crypto.ts'
import { sessions, users } from '../../worker/db/schema/accounts.ts'
import { serverInvites, userRoles } from '../../worker/db/schema/rights.ts'
import { newId } from '../../worker/services/context.ts'
import type { World } from './world.ts'

/** As `validInputs`, for sub-users, invitations and owners. */
export function subUserInputs(w: World, aServer: () => Promise<{ readonly serverId: ServerId }>) {
  const aSubUser = async () => {
    const { serverId } = await aServer()
    const { id: userId } = await w.rows.user()
    await w.rows.subUser(serverId, userId, ['server.read'])
    return { serverId, userId }
  }
  const invited = async (change: InviteChange) => {
    const { id } = await w.addServer()
    const token = `an invitation to ${id}`
    await anInvite(w, id, token, change)
    return { token }
  }
  return {
    'subUsers.list': aServer,
    'subUsers.update': async () => ({ ...(await aSubUser()), preset: 'power' }),
    'subUsers.delete': aSubUser,
    'subUsers.invite': async () => ({
      ...(await aServer()),
      email: 'guest@example.org',
      permissions: ['server.read', 'server.start'],
    }),
    'subUsers.revokeInvite': async () => {
      const { serverId } = await aServer()
      return { serverId, inviteId: await anInvite(w, serverId, `an invitation to ${serverId}`, {}) }
    },
    'ownership.set': async () => ({ ...(await aServer()), email: (await w.rows.user()).email }),
    'invites.preview': () => invited({}),
    'invites.accept': async () => invited({ email: await whoeverSignedIn(w) }),
    'invites.register': async () => ({
      ...(await invited({})),
      ...{ name: 'New', password: 'a long password' },
    }),
  } satisfies Record<string, () => Promise<Record<string, unknown>>>
}

type InviteChange = Partial<typeof serverInvites.$inferInsert>

/** An invitation by a script, open for an hour. */
export async function anInvite(
  w: World,
  serverId: ServerId,
  token: string,
  change: InviteChange,
): Promise<InviteId> {
  const id = newId<InviteId>(w.deps)
  const now = w.clock.now()
  await w.deps.db.insert(serverInvites).values({
    id,
    serverId,
    email: 'guest@example.org',
    permissions: ['server.read'] satisfies Permission[],
    tokenHash: hashToken(token),
    invitedByName: 'operator',
    createdAt: now,
    expiresAt: now + 3_600_000,
    ...change,
  })
  return id
}

/** The e-mail of an account that is signed in: an administrator's before others'. */
async function whoeverSignedIn(w: World): Promise<string> {
  const [caller] = await w.deps.db
    .select({ email: users.email })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(userRoles, eq(userRoles.userId, users.id))
    .orderBy(asc(userRoles.roleId))
    .limit(1)
  if (caller === undefined) throw new Error('nobody is signed in')
  return caller.email
}
