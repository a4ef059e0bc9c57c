import type { oidcProviders as endpoints } from '../../../contract/api/oidc.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'

/** Asks a provider for its configuration, as a sign-in would. */
export async function testProvider(
  ctx: Ctx,
  { issuer }: Input<typeof endpoints.test>,
): Promise<Output<typeof endpoints.test>> {
  await inTransaction(ctx.db, (tx) =>
    audit(tx, ctx, { action: 'oidc_provider.test', target: null, after: { issuer } }),
  )
  const outcome = await ctx.oidc.probe(issuer)
  return { works: outcome.ok, said: outcome.ok ? outcome.value.said : outcome.said }
}
