import { Button, Code, Group, Text } from '@mantine/core'
import { IconCircleCheck, IconClock, IconMinus } from '@tabler/icons-react'
import { useState } from 'react'
import { allocations, type ServerAllocation } from '../../../../../contract/api/allocations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { socketText } from '../../../../../contract/rules/ports.ts'
import { useAction } from '../../../api/queries.ts'
import { type Look, StatusBadge } from '../../../ui/badge.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { EditPortDialog } from './edit-port-dialog.tsx'
import { protocolTexts } from './protocols.ts'

interface PortsProps {
  readonly server: ServerDetail
  readonly ports: readonly ServerAllocation[]
}

export function Ports({ server, ports }: PortsProps) {
  const [edited, edit] = useState<ServerAllocation | null>(null)
  const columns: readonly Column<ServerAllocation>[] = [
    { name: 'Address', cell: (port) => <Address port={port} /> },
    { name: 'Protocol', cell: ({ protocol }) => protocolTexts[protocol] },
    { name: 'In the container', cell: ({ containerPort }) => containerPort },
    { name: 'For', cell: (port) => <Purpose port={port} /> },
    { name: 'State', cell: ({ bound }) => <StatusBadge look={lookOf(bound)} /> },
    {
      name: 'Change',
      cell: (port) => <Actions server={server} port={port} onEdit={() => edit(port)} />,
    },
  ]
  return (
    <>
      <DataTable label="Ports" columns={columns} rows={ports} keyOf={({ id }) => id} />
      {edited === null ? null : (
        <EditPortDialog server={server} port={edited} onClose={() => edit(null)} />
      )}
    </>
  )
}

const bound: Look = { text: 'Bound', colour: 'green', icon: IconCircleCheck }
const atNextStart: Look = { text: 'At the next start', colour: 'blue', icon: IconClock }
const notRunning: Look = { text: 'Not running', colour: 'gray', icon: IconMinus }

function lookOf(isBound: boolean | null): Look {
  if (isBound === null) return notRunning
  return isBound ? bound : atNextStart
}

function Address({ port }: { port: ServerAllocation }) {
  const { host, port: shown } = port.connection
  const address = socketText(host, shown)
  const at = socketText(port.ip, port.hostPort)
  return (
    <>
      <Group gap={2} wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>{address}</Code>
        <CopyButton text={address} what={`address ${address}`} />
      </Group>
      {at === address ? null : (
        <Text size="xs" c="dimmed">
          {at} of the node
        </Text>
      )}
    </>
  )
}

function Purpose({ port }: { port: ServerAllocation }) {
  const { alias, notes, variable, isPrimary } = port
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {isPrimary ? (
        <Text size="sm" fw={600}>
          Primary
        </Text>
      ) : null}
      {alias === null ? null : <Text size="sm">{alias}</Text>}
      {notes === null || notes === '' ? null : (
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-line' }}>
          {notes}
        </Text>
      )}
      {variable === null ? null : <Code>{variable}</Code>}
    </div>
  )
}

interface ActionsProps {
  readonly server: ServerDetail
  readonly port: ServerAllocation
  readonly onEdit: () => void
}

const changed = [allocations.list, servers.get, servers.list]

function Actions({ server, port, onEdit }: ActionsProps) {
  const { hostPort, id, isPrimary } = port
  const prefer = useAction(allocations.makePrimary, {
    refreshes: changed,
    onDone: () => toastDone(`Port ${hostPort} is the primary one`),
  })
  const remove = useAction(allocations.delete, {
    refreshes: changed,
    onDone: () => toastDone(`Port ${hostPort} is taken away`),
  })
  const may = (right: 'allocation.update' | 'allocation.delete') =>
    server.permissions.includes(right) && server.suspendedAt === null
  const look = { size: 'compact-xs', variant: 'subtle' } as const
  return (
    <Group gap="xs">
      {may('allocation.update') && !isPrimary ? (
        <Button
          {...look}
          aria-label={`Make primary: port ${hostPort}`}
          loading={prefer.isPending}
          onClick={() =>
            prefer.mutate(
              { serverId: server.id, allocationId: id },
              { onError: (error) => toastFailure('Not changed', error) },
            )
          }
        >
          Make primary
        </Button>
      ) : null}
      {may('allocation.update') ? (
        <Button {...look} aria-label={`Edit port ${hostPort}`} onClick={onEdit}>
          Edit
        </Button>
      ) : null}
      {may('allocation.delete') ? (
        <HoldButton
          {...look}
          label="Remove"
          color="red"
          consequence={`Nobody reaches the server on port ${hostPort} from its next start on.`}
          possible={isPrimary ? 'Make another port the primary one first.' : true}
          onHeld={() =>
            remove.mutate(
              { serverId: server.id, allocation: id },
              { onError: (error) => toastFailure('Not removed', error) },
            )
          }
        />
      ) : null}
    </Group>
  )
}
