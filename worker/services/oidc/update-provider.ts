import { eq } from 'drizzle-orm'
import type { oidcProviders as endpoints, OidcProvider } from '../../../contract/api/oidc.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { ProviderId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { oidcProviders } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { requireMayLetGive, requireRoles } from './rights.ts'
import { readProvider, secretPlace } from './stored.ts'

/**
 * The issuer cannot be changed: another one could vouch for whoever is linked with this one.
 * @throws `not_found`, `name_taken`, `exceeds_your_rights`, `forbidden`, `invalid_input`
 */
export async function updateProvider(
  ctx: Ctx,
  { providerId, clientSecret, ...given }: Input<typeof endpoints.update>,
): Promise<OidcProvider> {
  return inTransaction(ctx.db, async (tx) => {
    const { name, clientId, scopes, claimRules, createsAccounts, enabled } = await readProvider(
      tx,
      providerId,
    )
    const fields = { name, clientId, scopes, claimRules, createsAccounts, enabled }
    const changed = withGiven(fields, given)
    if (given.claimRules !== undefined) await requireRoles(tx, given.claimRules)
    await requireMayLetGive(tx, ctx.caller, fields, changed)
    const secret =
      clientSecret === undefined ? {} : { clientSecret: sealed(ctx, providerId, clientSecret) }
    const isThis = eq(oidcProviders.id, providerId)
    const written = tx
      .update(oidcProviders)
      .set({ ...changed, ...secret })
      .where(isThis)
    await refuseDuplicate(written, 'name_taken')
    const { before, after } = changesOf(fields, changed)
    await audit(tx, ctx, {
      action: 'oidc_provider.update',
      target: { type: 'oidc_provider', id: providerId },
      before,
      after: clientSecret === undefined ? after : { ...after, clientSecret: told(clientSecret) },
    })
    return readProvider(tx, providerId)
  })
}

function sealed({ secrets }: Ctx, id: ProviderId, secret: string | null): string | null {
  return secret === null ? null : secrets.seal(secretPlace(id), secret)
}

function told(secret: string | null): 'set' | null {
  return secret === null ? null : 'set'
}
