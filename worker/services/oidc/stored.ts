import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { OidcProvider } from '../../../contract/api/oidc.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ProviderId, RoleId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type OidcProviderRow, oidcProviders } from '../../db/schema/sign-in.ts'
import type { Deps } from '../context.ts'
import { iso } from '../iso.ts'
import type { Party } from './gate.ts'

/** Providers as those see them who may see the settings, by name; never with a client secret. */
export async function readProviders(db: Queries, which?: SQL): Promise<OidcProvider[]> {
  const rows = await db
    .select({
      provider: oidcProviders,
      accountCount: sql<number>`(SELECT count(*) FROM external_identities e WHERE e.provider_id = oidc_providers.id)`,
    })
    .from(oidcProviders)
    .where(which)
    .orderBy(asc(oidcProviders.name))
  return rows.map(
    ({ provider: { clientSecret, claimRules, createdAt, ...rest }, accountCount }) => ({
      ...rest,
      claimRules: claimRules.map((rule) => ({ ...rule, roleId: rule.roleId as RoleId })), // as they were parsed when they were set
      hasSecret: clientSecret !== null,
      accountCount,
      createdAt: iso(createdAt),
    }),
  )
}

/** @throws `not_found` */
export async function readProvider(db: Queries, id: ProviderId): Promise<OidcProvider> {
  const [provider] = await readProviders(db, eq(oidcProviders.id, id))
  if (provider === undefined) throw new AppError('not_found')
  return provider
}

/** @throws `not_found` also for one that is switched off */
export async function findEnabled(db: Queries, id: ProviderId): Promise<OidcProviderRow> {
  const [row] = await db
    .select()
    .from(oidcProviders)
    .where(and(eq(oidcProviders.id, id), eq(oidcProviders.enabled, true)))
  if (row === undefined) throw new AppError('not_found')
  return row
}

/** The same on the way back. @throws `sign_in_expired` when it was switched off in between */
export async function findStillEnabled(db: Queries, id: ProviderId): Promise<OidcProviderRow> {
  return findEnabled(db, id).catch((error: unknown) => {
    throw error instanceof AppError ? new AppError('sign_in_expired') : error
  })
}

/** What the gate speaks for. */
export function partyOf(
  { secrets }: Pick<Deps, 'secrets'>,
  { id, issuer, clientId, clientSecret, scopes }: OidcProviderRow,
): Party {
  const opened = clientSecret === null ? null : secrets.open(secretPlace(id), clientSecret)
  return { issuer, clientId, clientSecret: opened, scopes }
}

export function secretPlace(id: ProviderId) {
  return { table: 'oidc_providers', column: 'client_secret', row: id } as const
}
