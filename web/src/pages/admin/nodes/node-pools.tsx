import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Node } from '../../../../../contract/api/nodes.ts'
import { type IpPool, pools } from '../../../../../contract/api/pools.ts'
import { socketText } from '../../../../../contract/rules/ports.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { AddPoolsDialog } from './add-pools-dialog.tsx'
import { EditPoolDialog } from './edit-pool-dialog.tsx'

/** What the node gives away beside its own range. */
export function NodePools({ node }: { node: Node }) {
  const me = useMe()
  const list = useQuery(queryOf(pools.list, { nodeId: node.id }))
  const [adding, add] = useDisclosure(false)
  const [edited, edit] = useState<IpPool | null>(null)
  const mayChange = may(me, 'node.manage_allocation')
  return (
    <Section
      title="Addresses and ports to give away"
      about={`Beside its own range, ${node.portFrom} to ${node.portTo} on every IPv4 address.`}
    >
      <Shown query={list}>
        {(known) =>
          known.length === 0 ? (
            <Text size="sm" c="dimmed">
              None. Add some for single addresses, for IPv6, or for ports behind NAT or a proxy.
            </Text>
          ) : (
            <DataTable
              label="Addresses and ports to give away"
              columns={columnsFor(mayChange ? edit : null)}
              rows={known}
              keyOf={({ id }) => id}
            />
          )
        }
      </Shown>
      {mayChange ? (
        <div>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add.open}>
            Add addresses and ports
          </Button>
        </div>
      ) : null}
      {adding ? <AddPoolsDialog node={node} onClose={add.close} /> : null}
      {edited === null ? null : <EditPoolDialog pool={edited} onClose={() => edit(null)} />}
    </Section>
  )
}

/** @param edit null: the pools are only shown */
function columnsFor(edit: ((pool: IpPool) => void) | null): readonly Column<IpPool>[] {
  const shown: readonly Column<IpPool>[] = [
    { name: 'Addresses', cell: ({ cidr, alias }) => <Named name={alias}>{cidr}</Named> },
    { name: 'Ports', cell: rangeOf },
    { name: 'Players connect to', cell: publicText },
    { name: 'For', cell: ({ selfService }) => (selfService ? 'Owners' : 'Administrators') },
    { name: 'Used', cell: ({ used, size }) => `${used} of ${size.toLocaleString()}` },
  ]
  if (edit === null) return shown
  return [...shown, { name: 'Change', cell: (pool) => <Actions pool={pool} edit={edit} /> }]
}

function Named({ name, children }: { name: string | null; children: string }) {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {children}
      {name === null ? null : (
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      )}
    </div>
  )
}

function rangeOf({ portFrom, portTo }: IpPool): string {
  return portFrom === portTo ? String(portFrom) : `${portFrom} to ${portTo}`
}

function publicText({ publicHost, publicPortFrom, portFrom }: IpPool): string {
  if (publicHost === null) return publicPortFrom === null ? '–' : `port ${publicPortFrom} on`
  return socketText(publicHost, publicPortFrom ?? portFrom)
}

function Actions({ pool, edit }: { pool: IpPool; edit: (pool: IpPool) => void }) {
  const remove = useAction(pools.delete, {
    refreshes: [pools.list],
    onDone: () => toastDone('Deleted'),
  })
  const look = { size: 'compact-xs', variant: 'subtle' } as const
  const which = `ports ${rangeOf(pool)} on ${pool.cidr}`
  return (
    <Group gap="xs">
      <Button {...look} aria-label={`Edit ${which}`} onClick={() => edit(pool)}>
        Edit
      </Button>
      <HoldButton
        {...look}
        label="Delete"
        color="red"
        consequence={`Nobody takes ${which} any more; servers keep what they have.`}
        possible
        onHeld={() =>
          remove.mutate(
            { nodeId: pool.nodeId, poolId: pool.id },
            { onError: (error) => toastFailure('Not deleted', error) },
          )
        }
      />
    </Group>
  )
}
