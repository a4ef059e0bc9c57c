import type { oidcProviders as endpoints, OidcProvider } from '../../../contract/api/oidc.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { ProviderId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { oidcProviders } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { requireMayLetGive, requireRoles } from './rights.ts'
import { readProvider, secretPlace } from './stored.ts'

/** @throws `name_taken`, `exceeds_your_rights`, `forbidden`, `invalid_input` */
export async function createProvider(
  ctx: Ctx,
  { clientSecret, ...given }: Input<typeof endpoints.create>,
): Promise<OidcProvider> {
  const id = newId<ProviderId>(ctx)
  const sealed = clientSecret === undefined ? null : ctx.secrets.seal(secretPlace(id), clientSecret)
  return inTransaction(ctx.db, async (tx) => {
    await requireRoles(tx, given.claimRules)
    await requireMayLetGive(tx, ctx.caller, given)
    const row = { id, ...given, clientSecret: sealed, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(oidcProviders).values(row), 'name_taken')
    await audit(tx, ctx, {
      action: 'oidc_provider.create',
      target: { type: 'oidc_provider', id },
      after: { ...given, clientSecret: sealed === null ? null : 'set' },
    })
    return readProvider(tx, id)
  })
}
