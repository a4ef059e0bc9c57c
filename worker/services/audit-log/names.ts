import { and, inArray } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { locations, nodes } from '../../db/schema/fleet.ts'
import { apiKeys, roles } from '../../db/schema/rights.ts'
import { servers, templates } from '../../db/schema/servers.ts'
import { oidcProviders } from '../../db/schema/sign-in.ts'
import type { AuditFact } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { visibleServers } from '../visible.ts'

/** What an entry is about. */
export interface Target {
  readonly targetType: string | null
  readonly targetId: string | null
}

/** What things are called now, by their ids; what is gone is not in it. */
export type Names = ReadonlyMap<string | null, string>

type TargetType = NonNullable<AuditFact['target']>['type']

/** Where the things are whose names an entry can be about; operations have none. */
const tables = {
  user: users,
  location: locations,
  node: nodes,
  template: templates,
  server: servers,
  role: roles,
  api_key: apiKeys,
  oidc_provider: oidcProviders,
} satisfies Record<Exclude<TargetType, 'operation'>, { id: unknown; name: unknown }>

/** For whoever may read the whole log. */
export async function namesOf(db: Database, targets: readonly Target[]): Promise<Names> {
  const found = await Promise.all(
    Object.entries(tables).map(async ([type, table]) => {
      const ids = idsOf(targets, type)
      if (ids.length === 0) return []
      const { id, name } = table
      return db.select({ id, name }).from(table).where(inArray(id, ids))
    }),
  )
  return toNames(found.flat())
}

/** For whoever reads what they did: what became of a server that they may not see any more is not told. */
export async function namesOfServers(
  { db, caller }: Ctx,
  targets: readonly Target[],
): Promise<Names> {
  const ids = idsOf(targets, 'server')
  if (ids.length === 0) return new Map()
  const { id, name } = servers
  const seen = and(inArray(id, ids), visibleServers(caller))
  return toNames(await db.select({ id, name }).from(servers).where(seen))
}

function idsOf(targets: readonly Target[], type: string): string[] {
  const ids = targets.map(({ targetType, targetId }) => (targetType === type ? targetId : null))
  return [...new Set(ids)].filter((id) => id !== null)
}

function toNames(rows: readonly { id: string; name: string }[]): Names {
  return new Map(rows.map(({ id, name }) => [id, name]))
}
