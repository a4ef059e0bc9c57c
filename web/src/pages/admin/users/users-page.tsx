import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { pageQueryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Age } from '../../../ui/age.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { Pages } from '../../../ui/pages.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { useFilters } from '../../../ui/use-filters.ts'
import { CreateUser } from './create-user.tsx'

const columns: readonly Column<User>[] = [
  {
    name: 'Name',
    cell: ({ name }) => (
      <Text size="sm" fw={600}>
        {name}
      </Text>
    ),
  },
  { name: 'E-mail', cell: ({ email }) => email },
  { name: 'Role', cell: ({ role }) => (role === 'admin' ? 'Administrator' : 'User') },
  { name: 'Created', cell: ({ createdAt }) => <Age at={createdAt} /> },
]

export function Component() {
  const me = useMe()
  const filters = useFilters()
  const [creating, create] = useDisclosure(false)
  const list = useQuery(pageQueryOf(users.list, { page: filters.page, limit: 50 }))
  return (
    <PageFrame
      title="Users"
      actions={
        may(me, 'user.create') ? (
          <Button leftSection={<IconUserPlus size={16} />} onClick={create.open}>
            Create an account
          </Button>
        ) : null
      }
    >
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Empty
              icon={<IconUsers />}
              title="Nobody here"
              text="This page of the list is empty."
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
    </PageFrame>
  )
}
