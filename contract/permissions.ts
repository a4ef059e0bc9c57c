import * as z from 'zod'

export interface PermissionRule {
  /** What a holder may do, for people. */
  readonly means: string
  /** `server`: held on one server (by its owner) or on all; `panel`: held on the whole panel. */
  readonly scope: 'server' | 'panel'
  /** Who may still use it on a suspended server: `staff` are those who may suspend servers. */
  readonly whileSuspended: 'everyone' | 'staff' | 'nobody'
}

const onServer = (
  means: string,
  whileSuspended: PermissionRule['whileSuspended'] = 'nobody',
): PermissionRule => ({ means, scope: 'server', whileSuspended })
const onPanel = (means: string): PermissionRule => ({
  means,
  scope: 'panel',
  whileSuspended: 'everyone',
})

/** Every right there is. Names follow the original Catalyst where it had them. */
export const permissions = {
  'server.read': onServer('See the server, its state and its operations', 'everyone'),
  'server.start': onServer('Start and restart'),
  'server.stop': onServer('Stop and kill', 'everyone'),
  'server.install': onServer('Install again'),
  'server.update': onServer('Change name, description and variables'),
  'server.delete': onServer('Delete the server with its data', 'everyone'),
  'console.read': onServer('Read the console', 'staff'),
  'console.write': onServer('Send console commands'),

  'server.create': onPanel('Create servers'),
  'server.suspend': onPanel('Suspend servers and lift that'),
  'server.resize': onPanel('Change limits of servers'),
  'node.read': onPanel('See nodes'),
  'node.create': onPanel('Add nodes and make join tokens'),
  'node.update': onPanel('Change, revoke and adopt nodes'),
  'node.delete': onPanel('Delete nodes'),
  'location.read': onPanel('See locations'),
  'location.create': onPanel('Add locations'),
  'location.update': onPanel('Change locations'),
  'location.delete': onPanel('Delete locations'),
  'template.read': onPanel('See templates'),
  'template.create': onPanel('Add templates'),
  'template.update': onPanel('Change templates'),
  'template.delete': onPanel('Delete templates'),
  'user.read': onPanel('See accounts'),
  'user.create': onPanel('Create accounts'),
  'user.update': onPanel('Change, disable and enable accounts, and set their passwords'),
  'user.delete': onPanel('Delete accounts'),
  'admin.read': onPanel('See the audit log and operations of all servers'),
  'setup.link': onPanel('Make the link that creates the first administrator'),
} as const satisfies Record<string, PermissionRule>

export type Permission = keyof typeof permissions

const names = Object.keys(permissions) as [Permission, ...Permission[]]
export const Permission = z.enum(names).meta({ id: 'Permission' })

export const Role = z.enum(['admin', 'user']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

/** What a role may do on the whole panel; owners hold every `server` permission on their own servers. */
export function rolePermissions(role: Role): readonly Permission[] {
  return role === 'admin' ? names : []
}

/** Rights of a server's owner. */
export const ownerPermissions: readonly Permission[] = names.filter(
  (name) => permissions[name].scope === 'server',
)
