import {
  allPermissions,
  builtinRoles,
  ownerPermissions,
  type Permission,
  permissions,
  presetPermissions,
  presets,
} from './permissions.ts'

const holders: readonly (readonly [title: string, holds: readonly Permission[]])[] = [
  ...Object.values(builtinRoles).map((role) => [role.name, role.permissions] as const),
  ['Owner', ownerPermissions],
  ...presets.map((name) => [titleOf(name), presetPermissions(name)] as const),
]

const onSuspended = { everyone: 'yes', staff: 'staff', nobody: 'no' } as const

/** What follows a right in a text: what a suspension of the server does to it. */
export const suspendedInWords = {
  everyone: '',
  staff: ' On a suspended server for those alone who may suspend servers.',
  nobody: ' Refused on a suspended server.',
} as const

/** Every permission with everybody who holds it, as Markdown, with what its columns mean. */
export function permissionTable(): readonly string[] {
  const titles = ['Permission', 'Means', ...holders.map(([title]) => title), 'While suspended']
  const rows = allPermissions.map((name) => [
    `\`${name}\``,
    permissions[name].means,
    ...holders.map(([, held]) => (held.includes(name) ? '✓' : '–')),
    onSuspended[permissions[name].whileSuspended],
  ])
  return [
    ...whoHolds,
    '',
    'While suspended: whether it still works on a suspended server; `staff` are those who may suspend servers.',
    '',
    ...markdownTable(titles, rows),
  ]
}

/** The same as a Markdown list, for narrow pages. */
export function permissionList(): readonly string[] {
  const items = allPermissions.map((name) => {
    const { means, whileSuspended } = permissions[name]
    const held = holders.filter(([, holds]) => holds.includes(name)).map(([title]) => title)
    return `- \`${name}\`: ${means}. *${held.join(', ')}.*${suspendedInWords[whileSuspended]}`
  })
  return [...whoHolds, '', ...items]
}

const whoHolds = [
  'Administrator, Support and User are roles, held on the whole panel and on every server; an owner and the presets of sub-users hold',
  'theirs on single servers. What an API key can do is the intersection of its scopes with what its owner holds at that moment. Custom',
  "roles and sub-users' own sets may hold any of these.",
]

/** Lines of a table in Markdown. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)]
}

function titleOf(preset: string): string {
  return preset.replace('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}
