import { Anchor, Button, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { allApiKeys, type OwnedApiKey } from '../../../../contract/api/api-keys.ts'
import { pageQueryOf, useAction } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { keyColumns } from '../../ui/key-facts.tsx'
import { PageFrame } from '../../ui/page.tsx'
import { Pages } from '../../ui/pages.tsx'
import { RevokeKeyDialog } from '../../ui/revoke-key-dialog.tsx'
import { Shown } from '../../ui/shown.tsx'
import { useFilters } from '../../ui/use-filters.ts'

const owner: Column<OwnedApiKey> = {
  name: 'Owner',
  cell: ({ owner: { userId, name, email } }) => (
    <>
      <Anchor component={Link} to={paths.apiKeys({ user: userId })} size="sm">
        {name}
      </Anchor>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {email}
      </Text>
    </>
  ),
}

/** API keys of all accounts. */
export function Component() {
  const filters = useFilters('user')
  const userId = filters.value('user')
  const [ending, end] = useState<OwnedApiKey | null>(null)
  const list = useQuery(
    pageQueryOf(allApiKeys.list, {
      page: filters.page,
      limit: 50,
      ...(userId === '' ? {} : { userId }),
    }),
  )
  const revoke: Column<OwnedApiKey> = {
    name: 'Change',
    cell: (key) => (
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        aria-label={`Revoke ${key.name} of ${key.owner.name}`}
        onClick={() => end(key)}
      >
        Revoke
      </Button>
    ),
  }
  const clear = filters.isSet ? (
    <Button variant="default" onClick={filters.clear}>
      Show those of all accounts
    </Button>
  ) : null
  return (
    <PageFrame title="API keys" actions={clear}>
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Empty
              icon={<IconKey />}
              title="No API keys"
              text="Everybody makes their own, on the page of their account."
            />
          ) : (
            <>
              <DataTable
                label="API keys"
                columns={[owner, ...keyColumns, revoke]}
                rows={items}
                keyOf={({ id }) => id}
              />
              <Pages info={pagination} what="key" onTurn={filters.turnTo} />
            </>
          )
        }
      </Shown>
      {ending === null ? null : <RevokeKey apiKey={ending} onClose={() => end(null)} />}
    </PageFrame>
  )
}

function RevokeKey({ apiKey, onClose }: { apiKey: OwnedApiKey; onClose: () => void }) {
  const revoke = useAction(allApiKeys.revoke, { refreshes: [allApiKeys.list], onDone: onClose })
  return (
    <RevokeKeyDialog
      apiKey={apiKey}
      verb="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ apiKeyId: apiKey.id })}
      onClose={onClose}
    />
  )
}
