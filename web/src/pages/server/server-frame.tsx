import { Button, Skeleton, Stack } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconServerOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from 'react-router'
import { servers } from '../../../../contract/api/servers.ts'
import { ServerId } from '../../../../contract/ids.ts'
import { ApiError } from '../../api/client.ts'
import { paceOf } from '../../api/pace.ts'
import { queryOf } from '../../api/queries.ts'
import { usable } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { PageFrame } from '../../ui/page.tsx'
import { Shown } from '../../ui/shown.tsx'
import { withLive } from './live-state.ts'
import type { ServerPage } from './server-context.ts'
import { ServerHeader } from './server-header.tsx'
import { ServerTabs } from './server-tabs.tsx'
import { useLiveState, useServerFeed } from './use-server-feed.ts'

/** The frame of one server: its header on every tab, and the live feed that the tabs share. */
export function Component() {
  const serverId = ServerId.safeParse(useParams().serverId)
  return serverId.success ? <Frame key={serverId.data} serverId={serverId.data} /> : <NoServer />
}

function Frame({ serverId }: { serverId: ServerId }) {
  const me = useMe()
  const found = useQuery(queryOf(servers.get, { serverId }))
  if (found.error instanceof ApiError && found.error.code === 'not_found') return <NoServer />
  const server = found.data
  const reads =
    server?.permissions.includes('console.read') === true &&
    usable(me, server, 'console.read') === true
  return <Live serverId={serverId} reads={reads} />
}

/** Its socket closes with it, so that nothing goes on asking for a server that is gone. */
function Live({ serverId, reads }: { serverId: ServerId; reads: boolean }) {
  const feed = useServerFeed(serverId, reads)
  const live = useLiveState(feed)
  const found = useQuery({
    ...queryOf(servers.get, { serverId }),
    refetchInterval: () => paceOf(live.link === 'live' ? 'calm' : 'watched'),
  })
  useDocumentTitle(`${found.data?.name ?? 'Server'} · Catalyst`)
  return (
    <Shown query={found} loading={<FrameSkeleton />}>
      {(loaded) => {
        const server = withLive(loaded, live)
        return (
          <Stack gap="md">
            <ServerHeader server={server} live={live} reads={reads} />
            <ServerTabs server={server} />
            <Outlet context={{ server, live, feed, reads } satisfies ServerPage} />
          </Stack>
        )
      }}
    </Shown>
  )
}

function FrameSkeleton() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton height={36} width="40%" />
      <Skeleton height={24} width="60%" />
      <Skeleton height={400} />
    </Stack>
  )
}

function NoServer() {
  return (
    <PageFrame title="No such server" above={[['Servers', paths.servers()]]}>
      <Empty
        icon={<IconServerOff />}
        title="There is no such server"
        text="It may have been deleted, or it belongs to somebody else."
      >
        <Button component={Link} to={paths.servers()}>
          To the servers
        </Button>
      </Empty>
    </PageFrame>
  )
}
