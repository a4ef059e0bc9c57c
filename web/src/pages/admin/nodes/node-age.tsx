import { Text } from '@mantine/core'
import type { Node } from '../../../../../contract/api/nodes.ts'
import { Age } from '../../../ui/age.tsx'

/** Since when a node is away, and why where that is known. */
export function NodeAge({ node }: { node: Node }) {
  if (node.status !== 'offline' || node.offlineSince === null) return null
  return (
    <Text size="xs" c="dimmed">
      <Age at={node.offlineSince} prefix="since " />
      {node.offlineReason === null ? null : `, ${node.offlineReason}`}
    </Text>
  )
}
