import type { identities as endpoints, Identity } from '../../../contract/api/oidc.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { externalIdentities, type OidcProviderRow } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { confirmPassword } from '../auth/confirm-password.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { endAttempt, makeAttempt } from './attempt.ts'
import { type Answer, askWhere, askWho, requireAnswer } from './conversation.ts'
import { findHolder, identitiesOf } from './identities.ts'
import { findEnabled, findStillEnabled } from './stored.ts'

/**
 * The session binds it to the browser: no other may end it.
 * @throws `not_found`, `wrong_password`, `too_many_attempts`, `provider_failed`
 */
export async function beginLink(
  ctx: Ctx,
  { providerId, currentPassword }: Input<typeof endpoints.begin>,
): Promise<Output<typeof endpoints.begin>> {
  const person = requirePerson(ctx)
  const { id: userId, tokenHash: binding } = person
  const row = await findEnabled(ctx.db, providerId)
  await confirmPassword(ctx, person, currentPassword)
  const attempt = await inTransaction(ctx.db, async (tx) => {
    await audit(tx, ctx, {
      action: 'auth.begin_link_identity',
      target: { type: 'user', id: userId },
      after: { provider: row.name },
    })
    return makeAttempt(tx, ctx, { providerId, binding, userId, rememberMe: false })
  })
  return askWhere(ctx, row, attempt)
}

/**
 * @throws `sign_in_expired`, `provider_refused`, `provider_failed`, `identity_taken` when it opens another
 *   account, `limit_reached` when somebody else of the provider opens this one
 */
export async function finishLink(ctx: Ctx, answer: Answer): Promise<Identity> {
  requireAnswer(answer)
  const { id: userId, tokenHash: binding } = requirePerson(ctx)
  const { state } = answer
  const { providerId, attempt } = await endAttempt(ctx, { state, binding, userId })
  const row = await findStillEnabled(ctx.db, providerId)
  const { subject } = await askWho(ctx, row, attempt, answer)
  return inTransaction(ctx.db, async (tx) => {
    const holder = await findHolder(tx, providerId, subject)
    const linked = await identitiesOf(tx, userId)
    const same = linked.find(({ provider }) => provider.id === providerId)
    if (holder === userId && same !== undefined) return same
    if (holder !== null) throw new AppError('identity_taken')
    if (same !== undefined) throw anotherLinked(row)
    const createdAt = ctx.clock.now()
    await tx.insert(externalIdentities).values({ providerId, subject, userId, createdAt })
    await audit(tx, ctx, {
      action: 'auth.link_identity',
      target: { type: 'user', id: userId },
      after: { provider: row.name },
    })
    return { provider: { id: row.id, name: row.name }, linkedAt: iso(createdAt) }
  })
}

function anotherLinked({ name }: OidcProviderRow): AppError {
  const sentence = `Your account is linked with somebody else of ${name}. End that link first.`
  return new AppError('limit_reached', undefined, sentence)
}
