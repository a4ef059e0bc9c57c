import { asc, eq } from 'drizzle-orm'
import type { OidcProvider, oidc } from '../../../contract/api/oidc.ts'
import type { Output } from '../../../contract/endpoint.ts'
import { oidcProviders } from '../../db/schema/sign-in.ts'
import type { Ctx } from '../context.ts'
import { readProviders } from './stored.ts'

export async function listProviders({ db }: Ctx): Promise<OidcProvider[]> {
  return readProviders(db)
}

/** What strangers may know of them: that one can sign in there. */
export async function listEnabled({ db }: Ctx): Promise<Output<typeof oidc.providers>> {
  return db
    .select({ id: oidcProviders.id, name: oidcProviders.name })
    .from(oidcProviders)
    .where(eq(oidcProviders.enabled, true))
    .orderBy(asc(oidcProviders.name))
}
