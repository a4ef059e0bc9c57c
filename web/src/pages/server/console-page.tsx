import { Grid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { servers } from '../../../../contract/api/servers.ts'
import { pollEvery } from '../../api/pace.ts'
import { queryOf } from '../../api/queries.ts'
import { CommandLine } from './console/command-line.tsx'
import { ConsoleView } from './console/console-view.tsx'
import { Overview } from './overview.tsx'
import { useServerPage } from './server-context.ts'
import type { ServerFeed } from './server-feed.ts'

export function Component() {
  const { server, feed, live, reads } = useServerPage()
  useLinesWithoutSocket(feed, server.id, reads && live.link !== 'live')
  if (!server.permissions.includes('console.read')) return <Overview server={server} live={live} />
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 9 }}>
        <Stack gap="xs">
          <ConsoleView key={server.id} server={server} feed={feed} reads={reads} />
          {server.permissions.includes('console.write') ? <CommandLine server={server} /> : null}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 3 }}>
        <Overview server={server} live={live} />
      </Grid.Col>
    </Grid>
  )
}

/** Some proxies let no sockets through: the last lines are then asked for now and again. */
function useLinesWithoutSocket(
  feed: ServerFeed,
  serverId: Parameters<typeof queryOf<typeof servers.logs>>[1]['serverId'],
  needed: boolean,
) {
  const tail = useQuery({
    ...queryOf(servers.logs, { serverId, lines: 200 }),
    enabled: needed,
    refetchInterval: pollEvery.watched,
  })
  useEffect(() => {
    if (tail.data !== undefined) feed.take(tail.data.logs)
  }, [tail.data, feed])
}
