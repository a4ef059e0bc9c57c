import { eq } from 'drizzle-orm'
import type { oidcProviders as endpoints } from '../../../contract/api/oidc.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { oidcProviders } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { requireMayLetGive } from './rights.ts'
import { readProvider } from './stored.ts'

/** Accounts keep the roles that they have. @throws `not_found`, `exceeds_your_rights`, `forbidden` */
export async function deleteProvider(
  ctx: Ctx,
  { providerId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const provider = await readProvider(tx, providerId)
    await requireMayLetGive(tx, ctx.caller, provider)
    const { name, issuer, accountCount } = provider
    await tx.delete(oidcProviders).where(eq(oidcProviders.id, providerId))
    await audit(tx, ctx, {
      action: 'oidc_provider.delete',
      target: { type: 'oidc_provider', id: providerId },
      before: { name, issuer, accountCount },
    })
  })
  return {}
}
