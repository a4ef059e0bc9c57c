import * as z from 'zod'
import type { RoleId } from './ids.ts'

export interface PermissionRule {
  /** What a holder may do, for people. */
  readonly means: string
  /** `server`: held on one server (by its owner or a sub-user) or on all; `panel`: held on the whole panel. */
  readonly scope: 'server' | 'panel'
  /** Who may still use it on a suspended server: `staff` are those who may suspend servers. */
  readonly whileSuspended: 'everyone' | 'staff' | 'nobody'
  /** Whether the built-in role Support holds it. Administrator holds all, User none. */
  readonly support: boolean
  /**
   * The smallest preset for sub-users that holds it. `custom`: none does, it is given by name;
   * `never`: a sub-user cannot have it.
   */
  readonly subUser: Preset | 'custom' | 'never'
}

/** Sets of permissions for sub-users, each with all of those before it. */
export const presets = ['read_only', 'power', 'full'] as const
export const Preset = z.enum(presets).meta({ id: 'Preset' })
export type Preset = z.infer<typeof Preset>

type Rest = Partial<Pick<PermissionRule, 'whileSuspended' | 'support'>>

const onServer = (
  means: string,
  subUser: PermissionRule['subUser'],
  rest: Rest = {},
): PermissionRule => ({
  means,
  scope: 'server',
  whileSuspended: 'nobody',
  support: false,
  subUser,
  ...rest,
})
const onPanel = (means: string, rest: Rest = {}): PermissionRule => ({
  means,
  scope: 'panel',
  whileSuspended: 'everyone',
  support: false,
  subUser: 'never',
  ...rest,
})
const always = { whileSuspended: 'everyone' } as const
const support = { support: true } as const

/** Every right there is. Names follow the original Catalyst where it had them. */
export const permissions = {
  'server.read': onServer('See the server, its state and its settings', 'read_only', {
    ...always,
    ...support,
  }),
  'server.start': onServer('Start', 'power'),
  'server.restart': onServer('Restart', 'power'),
  'server.stop': onServer('Stop and kill', 'power', always),
  'server.install': onServer('Install again', 'full'),
  'server.update': onServer('Change name, description and variables', 'full'),
  'server.delete': onServer('Delete the server with its data', 'custom', always),
  'server.set_owner': onServer('Give the server to another account', 'never'),
  'console.read': onServer('Read the console', 'read_only', {
    whileSuspended: 'staff',
    ...support,
  }),
  'console.write': onServer('Send console commands', 'power'),
  'allocation.read': onServer('See the ports of the server', 'read_only', {
    ...always,
    ...support,
  }),
  'allocation.create': onServer('Add ports', 'full'),
  'allocation.update': onServer('Change ports and which is the primary one', 'full'),
  'allocation.delete': onServer('Take ports away', 'full'),
  'activity.read': onServer('See what was done to the server', 'full', { ...always, ...support }),
  'subuser.read': onServer('See who has access', 'full', { ...always, ...support }),
  'subuser.create': onServer('Give others access', 'full'),
  'subuser.update': onServer('Change what others may do', 'full'),
  'subuser.delete': onServer('Take access away', 'full', always),

  'server.create': onPanel('Create servers'),
  'server.suspend': onPanel('Suspend servers and lift that'),
  'server.resize': onPanel('Change limits of servers'),
  'node.read': onPanel('See nodes', support),
  'node.create': onPanel('Add nodes and make join tokens'),
  'node.update': onPanel('Change, revoke and adopt nodes'),
  'node.delete': onPanel('Delete nodes'),
  'node.manage_allocation': onPanel('Change what addresses and ports nodes give away'),
  'location.read': onPanel('See locations', support),
  'location.create': onPanel('Add locations'),
  'location.update': onPanel('Change locations'),
  'location.delete': onPanel('Delete locations'),
  'template.read': onPanel('See templates', support),
  'template.create': onPanel('Add templates'),
  'template.update': onPanel('Change templates'),
  'template.delete': onPanel('Delete templates'),
  'user.read': onPanel('See accounts', support),
  'user.create': onPanel('Create and invite accounts'),
  'user.update': onPanel('Change, disable and enable accounts, and set their passwords'),
  'user.delete': onPanel('Delete accounts'),
  'user.set_roles': onPanel('Give roles to accounts and take them away'),
  'user.login_link': onPanel('Make links that sign an account in'),
  'role.read': onPanel('See roles', support),
  'role.create': onPanel('Add roles'),
  'role.update': onPanel('Change roles'),
  'role.delete': onPanel('Delete roles'),
  'apikey.manage': onPanel('See and revoke the API keys of all accounts'),
  'admin.read': onPanel('See the audit log and operations of all servers', support),
  'settings.read': onPanel('See the settings of the panel'),
  'settings.update': onPanel('Change the settings of the panel, mail and sign-in providers'),
  'setup.link': onPanel('Make the link that creates the first administrator'),
} as const satisfies Record<string, PermissionRule>

export type Permission = keyof typeof permissions

const names = Object.keys(permissions) as [Permission, ...Permission[]]
export const Permission = z.enum(names).meta({ id: 'Permission' })
export const allPermissions: readonly Permission[] = names

/** Rights of a server's owner. */
export const ownerPermissions: readonly Permission[] = names.filter(
  (name) => permissions[name].scope === 'server',
)

/** What a sub-user may be given. */
export const subUserPermissions: readonly Permission[] = names.filter(
  (name) => permissions[name].subUser !== 'never',
)

/** What a preset gives a sub-user. */
export function presetPermissions(preset: Preset): readonly Permission[] {
  const upTo: readonly string[] = presets.slice(0, presets.indexOf(preset) + 1)
  return names.filter((name) => upTo.includes(permissions[name].subUser))
}

/** The roles that every panel has. What they may do is part of the panel, not of its data. */
export const builtinRoles = {
  administrator: {
    id: '00000000-0000-7000-8000-000000000001' as RoleId,
    name: 'Administrator',
    description: 'May do everything.',
    permissions: names,
  },
  support: {
    id: '00000000-0000-7000-8000-000000000002' as RoleId,
    name: 'Support',
    description: 'Sees everything that helps to help, and changes nothing.',
    permissions: names.filter((name) => permissions[name].support),
  },
  user: {
    id: '00000000-0000-7000-8000-000000000003' as RoleId,
    name: 'User',
    description: 'Has their own servers, and those that others share with them.',
    permissions: [],
  },
} as const satisfies Record<
  string,
  { id: RoleId; name: string; description: string; permissions: readonly Permission[] }
>
export type BuiltinRole = keyof typeof builtinRoles
export const BuiltinRole = z.enum(['administrator', 'support', 'user']).meta({ id: 'BuiltinRole' })
