import { allEndpoints } from '../../contract/api/index.ts'
import {
  allPermissions,
  builtinRoles,
  ownerPermissions,
  type Permission,
  permissions,
  presetPermissions,
  presets,
} from '../../contract/permissions.ts'

const holders: readonly (readonly [title: string, holds: readonly Permission[]])[] = [
  ...Object.values(builtinRoles).map((role) => [role.name, role.permissions] as const),
  ['Owner', ownerPermissions],
  ...presets.map((name) => [titleOf(name), presetPermissions(name)] as const),
]

const onSuspended = { everyone: 'yes', staff: 'staff', nobody: 'no' } as const

/** Every permission with everybody who holds it and every endpoint that asks for it, as Markdown. */
export function permissionTable(): string {
  const titles = ['Permission', 'Means', ...holders.map(([title]) => title), 'While suspended']
  const rows = allPermissions.map((name) => [
    `\`${name}\``,
    permissions[name].means,
    ...holders.map(([, held]) => (held.includes(name) ? '✓' : '–')),
    onSuspended[permissions[name].whileSuspended],
  ])
  const endpoints = allPermissions.map((name) => [`\`${name}\``, endpointsOf(name)])
  return [
    '# Permissions',
    '',
    'Made from `contract/permissions.ts` by `tests/contract/permission-table.test.ts`. Administrator, Support and User are roles, held on the',
    'whole panel and on every server; an owner and the presets of sub-users hold theirs on single servers. What an API key can do is the',
    "intersection of its scopes with what its owner holds at that moment. Custom roles and sub-users' own sets may hold any of these.",
    '',
    'While suspended: whether it still works on a suspended server; `staff` are those who may suspend servers.',
    '',
    ...tableOf(titles, rows),
    '',
    '## What asks for them',
    '',
    ...tableOf(['Permission', 'Endpoints'], endpoints),
    '',
  ].join('\n')
}

function endpointsOf(permission: Permission): string {
  return allEndpoints()
    .filter(({ endpoint }) => endpoint.needs === permission)
    .map(({ endpoint }) => `\`${endpoint.method} ${endpoint.path}\``)
    .join('<br>')
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)]
}

function titleOf(preset: string): string {
  return preset.replace('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}
