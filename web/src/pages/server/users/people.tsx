import { Button, Group, Text, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { type SubUser, subUsers } from '../../../../../contract/api/sub-users.ts'
import type { Output } from '../../../../../contract/endpoint.ts'
import { permissions as meanings, type Permission } from '../../../../../contract/permissions.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { useAction } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { Age } from '../../../ui/age.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { accessText } from './access-words.ts'
import { EditDialog } from './edit-dialog.tsx'

type Members = Output<typeof subUsers.list>

interface Row {
  readonly userId: string
  readonly name: string
  readonly email: string
  /** Null: the owner. */
  readonly subUser: SubUser | null
}

/** The owner and those whom they share the server with. */
export function People({ server, members }: { server: ServerDetail; members: Members }) {
  const [edited, edit] = useState<SubUser | null>(null)
  const rows: readonly Row[] = [
    { ...members.owner, subUser: null },
    ...members.subUsers.map((subUser) => ({ ...subUser, subUser })),
  ]
  const columns: readonly Column<Row>[] = [
    { name: 'Who', cell: (row) => <Who {...row} /> },
    { name: 'May', cell: ({ subUser }) => <Access of={subUser?.permissions ?? null} /> },
    {
      name: 'Since',
      cell: ({ subUser }) => (subUser === null ? '–' : <Age at={subUser.createdAt} />),
    },
    {
      name: 'Change',
      cell: ({ subUser }) =>
        subUser === null ? null : (
          <Actions server={server} subUser={subUser} onEdit={() => edit(subUser)} />
        ),
    },
  ]
  return (
    <>
      <DataTable label="People" columns={columns} rows={rows} keyOf={({ userId }) => userId} />
      {edited === null ? null : (
        <EditDialog
          key={edited.userId}
          server={server}
          subUser={edited}
          onClose={() => edit(null)}
        />
      )}
    </>
  )
}

function Who({ name, email }: Pick<Row, 'name' | 'email'>) {
  return (
    <>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {email}
      </Text>
    </>
  )
}

/** In a word; what that is shows on hover and focus. */
export function Access({ of }: { of: readonly Permission[] | null }) {
  if (of === null) return 'Owner'
  const all = of.map((name) => meanings[name].means).join(' · ')
  return (
    <Tooltip label={all} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <Text span size="sm" tabIndex={0} aria-description={all}>
        {accessText(of)}
      </Text>
    </Tooltip>
  )
}

interface ActionsProps {
  readonly server: ServerDetail
  readonly subUser: SubUser
  readonly onEdit: () => void
}

function Actions({ server, subUser, onEdit }: ActionsProps) {
  const me = useMe()
  const remove = useAction(subUsers.delete, {
    refreshes: [subUsers.list],
    onDone: () => toastDone(`${subUser.name} has no access any more`),
  })
  const may = (permission: Permission) => server.permissions.includes(permission)
  if (subUser.userId === me.id) return <Text size="sm">You</Text>
  const isMore = lacking(subUser.permissions, server.permissions).length > 0
  return (
    <Group gap="xs">
      {may('subuser.update') ? (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Change the access of ${subUser.name}`}
          onClick={onEdit}
        >
          Change
        </Button>
      ) : null}
      {may('subuser.delete') ? (
        <HoldButton
          label="Remove"
          size="compact-xs"
          variant="subtle"
          color="red"
          consequence={`${subUser.name} loses all access at once, open consoles too.`}
          possible={isMore ? 'They may do more than you.' : true}
          onHeld={() =>
            remove.mutate(
              { serverId: server.id, userId: subUser.userId },
              { onError: (error) => toastFailure('Not removed', error) },
            )
          }
        />
      ) : null}
    </Group>
  )
}
