import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { pageQueryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Age } from '../../../ui/age.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Pages } from '../../../ui/pages.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { useFilters } from '../../../ui/use-filters.ts'
import { CreateUser } from './create-user.tsx'
import { EditUser } from './edit-user.tsx'
import { InviteUser } from './invite-user.tsx'

const columnsOf = (edit: ((user: User) => void) | null): readonly Column<User>[] => [
  {
    name: 'Name',
    cell: ({ name }) => (
      <Text size="sm" fw={600}>
        {name}
      </Text>
    ),
  },
  { name: 'E-mail', cell: ({ email }) => email },
  {
    name: 'Roles',
    cell: (user) => (
      <Group gap="xs">
        {user.roles.map(({ name }) => name).join(', ') || 'None'}
        {remarksOn(user).map((remark) => (
          <Text key={remark} size="sm" c="dimmed">
            {remark}
          </Text>
        ))}
      </Group>
    ),
  },
  { name: 'Second factor', cell: ({ hasTwoFactor }) => (hasTwoFactor ? 'Yes' : 'No') },
  { name: 'Created', cell: ({ createdAt }) => <Age at={createdAt} /> },
  ...(edit === null
    ? []
    : [
        {
          name: 'Change',
          cell: (user: User) => (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Change ${user.name}`}
              onClick={() => edit(user)}
            >
              Change
            </Button>
          ),
        },
      ]),
]

/** Why somebody may not be able to sign in. */
function remarksOn({ disabledAt, isInvited, invitedUntil }: User): readonly string[] {
  const isWaiting = isInvited && invitedUntil !== null
  return [...(isWaiting ? ['Invited'] : []), ...(disabledAt === null ? [] : ['Disabled'])]
}

export function Component() {
  const me = useMe()
  const filters = useFilters('search')
  const search = filters.value('search') || undefined
  const [creating, create] = useDisclosure(false)
  const [inviting, invite] = useDisclosure(false)
  const [edited, edit] = useState<User | null>(null)
  const columns = columnsOf(may(me, 'user.update') ? edit : null)
  const list = useQuery(pageQueryOf(users.list, { page: filters.page, limit: 50, search }))
  return (
    <PageFrame
      title="Users"
      actions={
        may(me, 'user.create') ? (
          <>
            <Button variant="default" onClick={create.open}>
              Create an account
            </Button>
            <Button leftSection={<IconUserPlus size={16} />} onClick={invite.open}>
              Invite
            </Button>
          </>
        ) : null
      }
    >
      <Group role="search">
        <SearchField
          label="Search accounts"
          value={filters.value('search')}
          onSearch={(text) => filters.set('search', text)}
        />
      </Group>
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Empty
              icon={<IconUsers />}
              title={filters.isSet ? 'No account matches' : 'Nobody here'}
              text={
                filters.isSet
                  ? 'Try a part of the name or e-mail.'
                  : 'This page of the list is empty.'
              }
            />
          ) : (
            <>
              <DataTable label="Users" columns={columns} rows={items} keyOf={({ id }) => id} />
              <Pages info={pagination} what="account" onTurn={filters.turnTo} />
            </>
          )
        }
      </Shown>
      <CreateUser opened={creating} onClose={create.close} />
      <InviteUser opened={inviting} onClose={invite.close} />
      {edited === null ? null : <EditUser user={edited} onClose={() => edit(null)} />}
    </PageFrame>
  )
}
