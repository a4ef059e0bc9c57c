import { Button, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { auth, type Session } from '../../../../contract/api/accounts.ts'
import { queryOf, useAction } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { deviceText } from '../../ui/device-text.ts'
import { Section } from '../../ui/section.tsx'
import { Shown } from '../../ui/shown.tsx'
import { toastFailure } from '../../ui/toast.ts'

/** Where the reader is signed in, and the way to end each. */
export function OwnSessions() {
  const list = useQuery(queryOf(auth.sessions, {}))
  const revoke = useAction(auth.revokeSession, { refreshes: [auth.sessions] })
  const columns: readonly Column<Session>[] = [
    {
      name: 'Device',
      cell: ({ userAgent, ip }) => (
        <>
          <Device userAgent={userAgent} />
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
      name: 'Change',
      cell: ({ id, current, userAgent }) =>
        current ? (
          <Text span size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            This device
          </Text>
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={`End the session of ${deviceText(userAgent)}`}
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
      about="Where you are signed in. If you do not recognise one, end it and change your password."
    >
      <Shown query={list}>
        {(rows) => (
          <DataTable label="Sessions" columns={columns} rows={rows} keyOf={({ id }) => id} />
        )}
      </Shown>
    </Section>
  )
}

/** In a few words; what the program said of itself shows on hover and focus. */
function Device({ userAgent }: Pick<Session, 'userAgent'>) {
  return (
    <Tooltip label={userAgent} disabled={userAgent === null} multiline maw={320}>
      <Text size="sm" w="fit-content" tabIndex={0} style={{ overflowWrap: 'anywhere' }}>
        {deviceText(userAgent)}
      </Text>
    </Tooltip>
  )
}
