import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { auth, type Session } from '../../../../contract/api/accounts.ts'
import { queryOf, useAction } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/section.tsx'
import { Shown } from '../../ui/shown.tsx'
import { toastFailure } from '../../ui/toast.ts'

/** Where the reader is signed in, and the way to end each. */
export function OwnSessions() {
  const list = useQuery(queryOf(auth.sessions, {}))
  const revoke = useAction(auth.revokeSession, { refreshes: [auth.sessions] })
  const columns: readonly Column<Session>[] = [
    {
      name: 'With',
      cell: ({ userAgent, ip }) => (
        <>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {userAgent ?? 'Unknown program'}
          </Text>
          {ip === null ? null : (
            <Text size="xs" c="dimmed">
              {ip}
            </Text>
          )}
        </>
      ),
    },
    { name: 'Signed in', cell: ({ createdAt }) => <Age at={createdAt} /> },
    {
      name: '',
      cell: ({ id, current }) =>
        current ? (
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            This one
          </Text>
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            loading={revoke.isPending && revoke.variables.sessionId === id}
            onClick={() =>
              revoke.mutate(
                { sessionId: id },
                { onError: (error) => toastFailure('Not ended', error) },
              )
            }
          >
            End
          </Button>
        ),
    },
  ]
  return (
    <Section
      title="Sessions"
      about="A session that you do not know? End it, then change your password."
    >
      <Group>
        <Shown query={list}>
          {(rows) => (
            <DataTable label="Sessions" columns={columns} rows={rows} keyOf={({ id }) => id} />
          )}
        </Shown>
      </Group>
    </Section>
  )
}
