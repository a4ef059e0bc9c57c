import { eq } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { noPassword } from '../../crypto.ts'
import { type Queries, refuseDuplicate } from '../../db/client.ts'
import { type UserRow, users } from '../../db/schema/accounts.ts'
import { externalIdentities, type OidcProviderRow } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { giveRoles, rolesOfNewAccounts } from '../users/roles.ts'
import { personName, verifiedEmail } from './claims.ts'
import type { Vouched } from './gate.ts'
import { findHolder } from './identities.ts'

/**
 * The account that a provider's person opens. One is found by the provider's own name for them alone: an e-mail
 * address may be claimed by whoever makes an account there, and would open another's account here.
 * @throws `account_not_linked`, `email_not_verified`, `account_disabled`
 */
export async function accountOf(
  tx: Queries,
  ctx: Ctx,
  provider: OidcProviderRow,
  vouched: Vouched,
): Promise<UserRow> {
  const holder = await findHolder(tx, provider.id, vouched.subject)
  if (holder === null) return createAccount(tx, ctx, provider, vouched)
  const [user] = await tx.select().from(users).where(eq(users.id, holder))
  if (user === undefined || user.disabledAt !== null) throw new AppError('account_disabled')
  return user
}

async function createAccount(
  tx: Queries,
  ctx: Ctx,
  { id: providerId, name: providerName, createsAccounts }: OidcProviderRow,
  { subject, claims }: Vouched,
): Promise<UserRow> {
  if (!createsAccounts) throw new AppError('account_not_linked')
  const email = verifiedEmail(claims)
  if (email === null) throw new AppError('email_not_verified')
  const id = newId<UserId>(ctx)
  const name = personName(claims, email)
  const createdAt = ctx.clock.now()
  const row: UserRow = {
    id,
    email,
    name,
    passwordHash: noPassword,
    disabledAt: null,
    createdAt,
  }
  await refuseDuplicate(tx.insert(users).values(row), 'account_not_linked')
  await giveRoles(tx, id, rolesOfNewAccounts)
  await tx.insert(externalIdentities).values({ providerId, subject, userId: id, createdAt })
  await audit(tx, ctx, {
    action: 'user.register',
    target: { type: 'user', id },
    after: { email, name, provider: providerName },
    actor: { kind: 'user', id, name },
  })
  return row
}
