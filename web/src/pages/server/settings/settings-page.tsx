import { Stack } from '@mantine/core'
import type { Permission } from '../../../../../contract/permissions.ts'
import { useServerPage } from '../server-context.ts'
import { DeleteServer } from './delete-server.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { LimitSettings } from './limit-settings.tsx'
import { Ownership } from './ownership.tsx'
import { Reinstall } from './reinstall.tsx'
import { Suspension } from './suspension.tsx'

/** Forms start from what was saved; a change that was saved elsewhere meanwhile starts them anew. */
export function Component() {
  const { server } = useServerPage()
  const may = (permission: Permission) => server.permissions.includes(permission)
  const saved = `${server.id} ${server.updatedAt}`
  return (
    <Stack maw={720}>
      {may('server.update') ? <GeneralSettings key={`general ${saved}`} server={server} /> : null}
      {may('server.resize') ? <LimitSettings key={`limits ${saved}`} server={server} /> : null}
      {may('server.install') ? <Reinstall server={server} /> : null}
      {may('server.set_owner') ? <Ownership key={server.ownerId} server={server} /> : null}
      {may('server.suspend') ? <Suspension server={server} /> : null}
      {may('server.delete') ? <DeleteServer server={server} /> : null}
    </Stack>
  )
}
