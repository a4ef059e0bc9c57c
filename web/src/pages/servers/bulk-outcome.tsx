import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { BulkResult, bulk } from '../../../../contract/api/bulk.ts'
import { servers } from '../../../../contract/api/servers.ts'
import type { Output } from '../../../../contract/endpoint.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { counted } from '../../ui/amounts.ts'

export type Outcome = Output<typeof bulk.servers>

/** What became of an action on many servers, where not all of them took it. */
export function BulkOutcome({
  outcome,
  onClose,
}: {
  outcome: Outcome | null
  onClose: () => void
}) {
  if (outcome === null || outcome.summary.success === outcome.results.length) return null
  const { success, skipped, failed } = outcome.summary
  const parts = [
    `Done for ${counted(success, 'server')}`,
    ...(skipped > 0 ? [`nothing to do for ${skipped}`] : []),
    ...(failed > 0 ? [`not possible for ${failed}`] : []),
  ]
  const others = outcome.results.filter(({ status }) => status !== 'success')
  return (
    <Modal opened onClose={onClose} title="Not done for all of them">
      <Stack>
        <Text size="sm">{parts.join(', ')}.</Text>
        <List size="sm" spacing={4}>
          {others.map((result) => (
            <Line key={result.serverId} result={result} />
          ))}
        </List>
        <Group justify="flex-end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Line({ result }: { result: BulkResult }) {
  const known = useQuery({ ...pageQueryOf(servers.list, { limit: 1000 }), staleTime: 60_000 })
  const name = known.data?.items.find(({ id }) => id === result.serverId)?.name
  return (
    <List.Item>
      <b>{name ?? result.serverId}</b>: {result.error}
    </List.Item>
  )
}
