import { and, asc, eq } from 'drizzle-orm'
import type { identities as endpoints, Identity } from '../../../contract/api/oidc.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ProviderId, UserId } from '../../../contract/ids.ts'
import { noPassword } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { externalIdentities, oidcProviders, passkeys } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'

export async function listIdentities(ctx: Ctx): Promise<Identity[]> {
  return identitiesOf(ctx.db, requirePerson(ctx).id)
}

export async function identitiesOf(db: Queries, userId: UserId): Promise<Identity[]> {
  const rows = await db
    .select({
      id: oidcProviders.id,
      name: oidcProviders.name,
      createdAt: externalIdentities.createdAt,
    })
    .from(externalIdentities)
    .innerJoin(oidcProviders, eq(oidcProviders.id, externalIdentities.providerId))
    .where(eq(externalIdentities.userId, userId))
    .orderBy(asc(oidcProviders.name))
  return rows.map(({ id, name, createdAt }) => ({
    provider: { id, name },
    linkedAt: iso(createdAt),
  }))
}

/** Whose account it opens; null: nobody's. */
export async function findHolder(
  db: Queries,
  providerId: ProviderId,
  subject: string,
): Promise<UserId | null> {
  const isIt = and(
    eq(externalIdentities.providerId, providerId),
    eq(externalIdentities.subject, subject),
  )
  const [found] = await db
    .select({ userId: externalIdentities.userId })
    .from(externalIdentities)
    .where(isIt)
  return found?.userId ?? null
}

/** @throws `not_found`, `only_way_in` */
export async function unlinkIdentity(
  ctx: Ctx,
  { providerId }: Input<typeof endpoints.unlink>,
): Promise<Record<never, never>> {
  const { id } = requirePerson(ctx)
  await inTransaction(ctx.db, async (tx) => {
    const linked = await identitiesOf(tx, id)
    const meant = linked.find(({ provider }) => provider.id === providerId)
    if (meant === undefined) throw new AppError('not_found')
    if (linked.length === 1) await requireOtherWayIn(tx, id)
    const isThis = and(
      eq(externalIdentities.userId, id),
      eq(externalIdentities.providerId, providerId),
    )
    await tx.delete(externalIdentities).where(isThis)
    await audit(tx, ctx, {
      action: 'auth.unlink_identity',
      target: { type: 'user', id },
      before: { provider: meant.provider.name },
    })
  })
  return {}
}

async function requireOtherWayIn(tx: Queries, userId: UserId): Promise<void> {
  const [account] = await tx
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId))
  if (account !== undefined && account.passwordHash !== noPassword) return
  const [passkey] = await tx
    .select({ id: passkeys.id })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .limit(1)
  if (passkey === undefined) throw new AppError('only_way_in')
}
