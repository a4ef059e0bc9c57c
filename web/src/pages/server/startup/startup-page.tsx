import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { startup } from '../../../../../contract/api/startup.ts'
import { queryOf } from '../../../api/queries.ts'
import { Shown } from '../../../ui/shown.tsx'
import { useServerPage } from '../server-context.ts'
import { CommandForm } from './command-form.tsx'
import { VariablesForm } from './variables-form.tsx'

/** How the server starts. Forms begin with what was saved; a change elsewhere begins them anew. */
export function Component() {
  const { server } = useServerPage()
  const found = useQuery(queryOf(startup.get, { serverId: server.id }))
  const locked = server.permissions.includes('server.update')
    ? undefined
    : 'You may see this and not change it.'
  return (
    <Stack maw={720}>
      <Shown query={found}>
        {(shown) => (
          <>
            <CommandForm
              key={`command ${server.id} ${server.updatedAt}`}
              serverId={server.id}
              shown={shown}
              locked={locked}
            />
            <VariablesForm
              key={`variables ${server.id} ${JSON.stringify(shown.variables)}`}
              serverId={server.id}
              shown={shown}
              locked={locked}
            />
          </>
        )}
      </Shown>
    </Stack>
  )
}
