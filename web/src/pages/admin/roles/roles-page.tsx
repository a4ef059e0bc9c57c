import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core'
import { IconEdit, IconPlus, IconShieldLock, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Role, roles } from '../../../../../contract/api/roles.ts'
import { allPermissions } from '../../../../../contract/permissions.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { counted } from '../../../ui/amounts.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { PageFrame } from '../../../ui/page.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { toastFailure } from '../../../ui/toast.ts'
import { RoleDialog } from './role-dialog.tsx'

export function Component() {
  const me = useMe()
  const list = useQuery(queryOf(roles.list, {}))
  const [edited, edit] = useState<Role | 'new' | null>(null)
  const columns: readonly Column<Role>[] = [
    { name: 'Role', cell: (role) => <Named role={role} /> },
    { name: 'May', cell: ({ permissions }) => amountOf(permissions.length) },
    {
      name: 'Second factor',
      cell: ({ requiresTwoFactor }) => (requiresTwoFactor ? 'Asked for' : '–'),
    },
    { name: 'Accounts', cell: ({ userCount }) => userCount },
    { name: 'Change', cell: (role) => <Actions role={role} onEdit={() => edit(role)} /> },
  ]
  const add = may(me, 'role.create') ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
      Add a role
    </Button>
  ) : null
  return (
    <PageFrame title="Roles" actions={add}>
      <Shown query={list}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              icon={<IconShieldLock />}
              title="No roles"
              text="Every panel has three of them."
            />
          ) : (
            <DataTable label="Roles" columns={columns} rows={all} keyOf={({ id }) => id} />
          )
        }
      </Shown>
      {edited === null ? null : <RoleDialog edited={edited} onClose={() => edit(null)} />}
    </PageFrame>
  )
}

function amountOf(permissions: number): string {
  if (permissions === 0) return 'Nothing panel-wide'
  return permissions === allPermissions.length ? 'Everything' : counted(permissions, 'permission')
}

function Named({ role: { name, description } }: { role: Role }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Text size="xs" c="dimmed">
        {description}
      </Text>
    </>
  )
}

function Actions({ role, onEdit }: { role: Role; onEdit: () => void }) {
  const me = useMe()
  const remove = useAction(roles.delete, { refreshes: [roles.list] })
  const isMore = lacking(role.permissions, me.permissions).length > 0
  return (
    <Group gap={4} wrap="nowrap">
      {may(me, 'role.update') && !isMore ? (
        <Tooltip label={`Change ${role.name}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Change ${role.name}`}
            onClick={onEdit}
          >
            <IconEdit size={16} />
          </ActionIcon>
        </Tooltip>
      ) : null}
      {may(me, 'role.delete') && role.builtin === null && !isMore ? (
        <ReasonButton
          iconOnly
          label={`Delete ${role.name}`}
          icon={<IconTrash size={16} />}
          variant="subtle"
          color="red"
          loading={remove.isPending}
          possible={role.userCount === 0 || `${counted(role.userCount, 'account')} have it.`}
          onPress={() =>
            remove.mutate(
              { roleId: role.id },
              { onError: (error) => toastFailure('Not deleted', error) },
            )
          }
        />
      ) : null}
    </Group>
  )
}
