import type { Me } from '../../../contract/api/accounts.ts'
import type { Server, ServerDetail } from '../../../contract/api/servers.ts'
import type { Permission } from '../../../contract/permissions.ts'
import {
  holdsWhileSuspended,
  type RightsFactors,
  serverRights,
} from '../../../contract/rules/rights.ts'
import { type ServerAction, serverCan } from '../../../contract/rules/server-states.ts'

/** Whether somebody may do a thing on the whole panel. What they may not is not shown. */
export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission)
}

/** Whether somebody may do a thing on one server: by a role, as its owner, or because it is shared with them. */
export function mayOn(
  me: Me,
  server: Pick<Server, 'id' | 'ownerId'>,
  permission: Permission,
): boolean {
  const shared = me.grants[server.id]
  const factors: RightsFactors = {
    userId: me.id,
    roles: me.permissions,
    grants: new Map(shared === undefined ? [] : [[server.id, shared]]),
    key: null,
  }
  return serverRights(factors, server).includes(permission)
}

const needed = {
  start: 'server.start',
  stop: 'server.stop',
  restart: 'server.restart',
  kill: 'server.stop',
  install: 'server.install',
  command: 'console.write',
} as const satisfies Record<ServerAction, Permission>

/** The right that an action on a server takes. */
export function rightFor(action: ServerAction): Permission {
  return needed[action]
}

type Suspended = Pick<Server, 'suspendedAt' | 'suspensionReason'>

/** Whether a right that somebody holds on a server is of use now: `true`, or the reason why not. */
export function usable(me: Me, server: Suspended, permission: Permission): true | string {
  return despiteSuspension(server, permission, may(me, 'server.suspend'))
}

function despiteSuspension(
  server: Suspended,
  permission: Permission,
  isStaff: boolean,
): true | string {
  return holdsWhileSuspended(permission, isStaff) || reasonOf(server)
}

/** `true` while it is not suspended. */
function reasonOf({ suspendedAt, suspensionReason }: Suspended): true | string {
  if (suspendedAt === null) return true
  return suspensionReason === null
    ? 'The server is suspended.'
    : `The server is suspended: ${suspensionReason}`
}

/** Whether a server can be deleted now by who has the right to: `true`, or the reason why not. */
export function deletable(
  server: Pick<ServerDetail, keyof Suspended | 'status' | 'deletableWhileSuspended'>,
): true | string {
  if (server.status === 'deleting') return 'It is being deleted already.'
  return server.deletableWhileSuspended || reasonOf(server)
}

/** Whether an action is possible now: `true`, or the reason why not, from the rules the API itself uses. */
export function possible(
  server: Suspended & Pick<Server, 'state' | 'wanted' | 'status'>,
  action: ServerAction,
): true | string {
  // What staff may do on a suspended server besides is no action on it.
  const despite = despiteSuspension(server, needed[action], false)
  if (despite !== true) return despite
  return serverCan[action]({
    state: server.state,
    wanted: server.wanted,
    deleting: server.status === 'deleting',
  })
}
