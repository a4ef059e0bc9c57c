import type { invites as endpoints } from '../../../contract/api/sub-users.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { UserId } from '../../../contract/ids.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { type Ctx, newId } from '../context.ts'
import { closeConsolesOf } from '../servers/hand-over.ts'
import { giveRoles, rolesOfNewAccounts } from '../users/roles.ts'
import { useInvite } from './accept-invite.ts'
import { openUsableInvite } from './opened-invite.ts'

/** @throws `email_taken` where there is an account that has to sign in, and what `useInvite` throws */
export async function registerByInvite(
  ctx: Ctx,
  { token, name, password }: Input<typeof endpoints.register>,
): Promise<Output<typeof endpoints.register>> {
  // Asked before the password is hashed, so that strangers cannot make this work hard.
  const { invite } = await openUsableInvite(ctx.db, ctx, token)
  const { email } = invite
  const id = newId<UserId>(ctx)
  const passwordHash = await hashPassword(password, ctx.rng.bytes(16))
  const used = await inTransaction(ctx.db, async (tx) => {
    const row = { id, email, name, passwordHash, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(users).values(row), 'email_taken')
    await giveRoles(tx, id, rolesOfNewAccounts)
    await audit(tx, ctx, {
      action: 'user.register',
      target: { type: 'user', id },
      after: { email, name },
      actor: { kind: 'user', id, name },
    })
    return useInvite(tx, ctx, token, { id, email, name })
  })
  await closeConsolesOf(ctx, used)
  return finishSignIn(ctx, async () => ({ userId: id, rememberMe: false, how: 'invite' }))
}
