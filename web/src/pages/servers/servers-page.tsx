import { Button, Group } from '@mantine/core'
import { IconPlus, IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Link } from 'react-router'
import { type Server, servers } from '../../../../contract/api/servers.ts'
import { NodeId } from '../../../../contract/ids.ts'
import { ServerStatus } from '../../../../contract/rules/server-states.ts'
import { paceOf } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { later } from '../../ui/later.ts'
import { PageFrame } from '../../ui/page.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Shown } from '../../ui/shown.tsx'
import { useFilters } from '../../ui/use-filters.ts'
import { ServerFilters } from './server-filters.tsx'
import { ServerRows } from './server-rows.tsx'
import { useChosen } from './use-chosen.ts'

const perPage = 1000
const Access = servers.list.query.shape.access

const BulkBar = later(async () => (await import('./bulk-bar.tsx')).BulkBar)
const Newcomer = later(async () => (await import('./newcomer.tsx')).Newcomer)

export function Component() {
  const me = useMe()
  const filters = useFilters('search', 'node', 'status', 'access')
  const list = useQuery({
    ...pageQueryOf(servers.list, {
      page: filters.page,
      limit: perPage,
      search: filters.value('search') || undefined,
      nodeId: NodeId.safeParse(filters.value('node')).data,
      status: ServerStatus.safeParse(filters.value('status')).data,
      access: Access.safeParse(filters.value('access')).data,
    }),
    refetchInterval: (query) => intervalFor(query.state.data?.items ?? []),
  })
  const chosen = useChosen()
  const isNew = list.data?.pagination.total === 0 && !filters.isSet
  return (
    <PageFrame
      title="Servers"
      actions={
        may(me, 'server.create') && !isNew ? (
          <Button component={Link} to={paths.newServer()} leftSection={<IconPlus size={16} />}>
            Create a server
          </Button>
        ) : null
      }
    >
      {isNew ? null : <ServerFilters filters={filters} />}
      <Shown query={list}>
        {({ items, pagination }) => {
          if (isNew) return <Newcomer />
          if (items.length === 0) return <NoMatch onClear={filters.clear} />
          return (
            <>
              <Pages info={pagination} what="server" onTurn={filters.turnTo} />
              {chosen.isUsed ? (
                <Suspense>
                  <BulkBar selected={chosen.selected} onClear={chosen.clear} />
                </Suspense>
              ) : null}
              <ServerRows servers={items} selected={chosen.selected} onToggle={chosen.toggle} />
            </>
          )
        }}
      </Shown>
    </PageFrame>
  )
}

/** Short lists and moving servers are looked at often; a thousand rows cost more to ask for. */
function intervalFor(items: readonly Server[]): number {
  if (items.length > 200) return paceOf('calm')
  const moving = items.some(({ state }) => ['installing', 'starting', 'stopping'].includes(state))
  return paceOf(moving ? 'working' : 'watched')
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Empty
      icon={<IconSearchOff />}
      title="No server matches"
      text="Nothing that you may see fits the search and the filters."
    >
      <Group>
        <Button variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      </Group>
    </Empty>
  )
}
