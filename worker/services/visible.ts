import { and, eq, exists, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { OperationKind } from '../../contract/api/operations.ts'
import { type Permission, permissions } from '../../contract/permissions.ts'
import type { Queries } from '../db/client.ts'
import { operations } from '../db/schema/activity.ts'
import { nodes } from '../db/schema/fleet.ts'
import { servers } from '../db/schema/servers.ts'
import { holds } from './access.ts'
import type { Caller, Person } from './context.ts'
import { rightBehind } from './operations/rights.ts'

/** What a caller may see, as conditions of statements; `undefined` is everything. */

const nothing = sql`0`
const kinds = Object.keys(rightBehind) as OperationKind[] // its keys are exactly the kinds

/** Servers on which the caller may `server.read`. */
export function visibleServers(caller: Caller): SQL | undefined {
  return serversWith(caller, 'server.read')
}

/** Servers on which the caller holds a right that is about single servers. */
function serversWith(caller: Caller, permission: Permission): SQL | undefined {
  if (caller.kind !== 'user') return holds(caller, permission) ? undefined : nothing
  const { key } = caller
  if (key !== null && !key.permissions.includes(permission)) return nothing
  const inKey =
    key === null || key.serverIds === null ? undefined : inArray(servers.id, [...key.serverIds])
  if (caller.permissions.includes(permission)) return inKey
  return and(or(ownedBy(caller, permission), sharedFor(caller, sql`${permission}`)), inKey)
}

/** Operations whose right the caller holds where they happen, and the caller's own on what is gone. */
export function visibleOperations(caller: Caller): SQL | undefined {
  if (holds(caller, 'admin.read')) return undefined
  if (caller.kind !== 'user') return nothing
  const { key } = caller
  const inKey =
    key === null
      ? undefined
      : and(
          ofKinds((right) => key.permissions.includes(right)),
          key.serverIds === null ? undefined : inArray(operations.serverId, [...key.serverIds]),
        )
  return and(
    or(
      eq(servers.ownerId, caller.id),
      ofKinds((right) => caller.permissions.includes(right)),
      sharedFor(caller, rightOfKind),
      and(eq(operations.actorId, caller.id), isNull(servers.id)),
    ),
    inKey,
  )
}

/** Nodes that the caller may see, and those that run a server of theirs. */
export function visibleNodes(db: Queries, caller: Caller): SQL | undefined {
  if (holds(caller, 'node.read')) return undefined
  const theirs = and(eq(servers.nodeId, nodes.id), visibleServers(caller))
  return exists(db.select({ id: servers.id }).from(servers).where(theirs))
}

function ownedBy({ id }: Person, permission: Permission): SQL | undefined {
  return permissions[permission].scope === 'server' ? eq(servers.ownerId, id) : undefined
}

/**
 * Columns are written out: in a statement over one table they would lose the table's name, and
 * `json_each` has an `id` too.
 * @param right a permission's name, as SQL
 */
function sharedFor({ id }: Person, right: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM server_users su, json_each(su.permissions) granted
    WHERE su.server_id = servers.id AND su.user_id = ${id} AND granted.value = ${right})`
}

const rightOfKind = sql.join(
  [
    sql`CASE operations.kind`,
    ...kinds.map((kind) => sql`WHEN ${kind} THEN ${rightBehind[kind]}`),
    sql`END`,
  ],
  sql` `,
)

function ofKinds(isHeld: (right: Permission) => boolean): SQL | undefined {
  const seen = kinds.filter((kind) => isHeld(rightBehind[kind]))
  return seen.length === 0 ? nothing : inArray(operations.kind, seen)
}
