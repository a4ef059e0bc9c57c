import { allEndpoints } from '../../contract/api/index.ts'
import { markdownTable, permissionTable } from '../../contract/permission-table.ts'
import { allPermissions, type Permission } from '../../contract/permissions.ts'

/** `contract/PERMISSIONS.md`: every permission with everybody who holds it and every endpoint that asks for it. */
export function permissionsDocument(): string {
  const endpoints = allPermissions.map((name) => [`\`${name}\``, endpointsOf(name)])
  return [
    '# Permissions',
    '',
    'Made from `contract/permissions.ts` by `tests/contract/permission-table.test.ts`, which `npm test` runs.',
    '',
    ...permissionTable(),
    '',
    '## What asks for them',
    '',
    ...markdownTable(['Permission', 'Endpoints'], endpoints),
    '',
  ].join('\n')
}

function endpointsOf(permission: Permission): string {
  return allEndpoints()
    .filter(({ endpoint }) => endpoint.needs === permission)
    .map(({ endpoint }) => `\`${endpoint.method} ${endpoint.path}\``)
    .join('<br>')
}
