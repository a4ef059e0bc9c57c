import { Skeleton, Stack } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconServerOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useParams } from 'react-router'
import { servers } from '../../../../contract/api/servers.ts'
import { ServerId } from '../../../../contract/ids.ts'
import { ApiError } from '../../api/client.ts'
import { pollEvery, queryOf } from '../../api/queries.ts'
import { Empty } from '../../ui/empty.tsx'
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
  const feed = useServerFeed(serverId)
  const live = useLiveState(feed)
  const found = useQuery({
    ...queryOf(servers.get, { serverId }),
    refetchInterval: live.link === 'live' ? pollEvery.calm : pollEvery.watched,
  })
  useDocumentTitle(`${found.data?.name ?? 'Server'} · Catalyst`)
  if (found.error instanceof ApiError && found.error.code === 'not_found') return <NoServer />
  return (
    <Shown query={found} loading={<FrameSkeleton />}>
      {(loaded) => {
        const server = withLive(loaded, live)
        return (
          <Stack gap="md">
            <ServerHeader server={server} live={live} />
            <ServerTabs server={server} />
            <Outlet context={{ server, live, feed } satisfies ServerPage} />
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
    <Empty
      icon={<IconServerOff />}
      title="There is no such server"
      text="It may have been deleted, or it belongs to somebody else."
    />
  )
}
