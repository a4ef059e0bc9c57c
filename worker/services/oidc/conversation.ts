import type { oidc } from '../../../contract/api/oidc.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { OidcProviderRow } from '../../db/schema/sign-in.ts'
import type { Ctx } from '../context.ts'
import { invalidField } from '../invalid.ts'
import type { Attempt, Outcome, Vouched } from './gate.ts'
import { partyOf } from './stored.ts'

export type Answer = Input<typeof oidc.finish>

/** @throws `invalid_input` for an answer that is none */
export function requireAnswer({ code, error }: Answer): void {
  if (code === undefined && error === undefined) {
    throw invalidField('code', 'The provider sends a code or an error.')
  }
}

/** Where to send the browser. @throws `provider_failed` */
export async function askWhere(
  ctx: Ctx,
  row: OidcProviderRow,
  attempt: Attempt,
): Promise<{ url: string }> {
  return settled(ctx, row, await ctx.oidc.begin(partyOf(ctx, row), attempt))
}

/** Whom the provider vouches for. @throws `provider_refused`, `provider_failed`, `sign_in_expired` */
export async function askWho(
  ctx: Ctx,
  row: OidcProviderRow,
  attempt: Attempt,
  answer: Answer,
): Promise<Vouched> {
  return settled(ctx, row, await ctx.oidc.redeem(partyOf(ctx, row), attempt, answer))
}

function settled<T>({ log }: Ctx, { id, name }: OidcProviderRow, outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  const { fault, said } = outcome
  if (fault !== 'cancelled') log.error('oidc_failed', { providerId: id, fault, said })
  switch (fault) {
    case 'cancelled':
      throw new AppError(
        'provider_refused',
        undefined,
        `${name} was not to sign you in. Try again, or sign in otherwise.`,
      )
    case 'refused':
      throw new AppError('provider_refused')
    case 'stale':
      throw new AppError('sign_in_expired')
    case 'broken':
      throw new AppError('provider_failed')
  }
}
