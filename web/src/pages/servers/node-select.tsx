import { NativeSelect, type NativeSelectProps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Node, nodes } from '../../../../contract/api/nodes.ts'
import { queryOf } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'

interface NodeSelectProps extends Omit<NativeSelectProps, 'data'> {
  /** What an empty choice stands for. */
  readonly none: string
  readonly textOf: (node: Node) => string
}

/** A choice among the nodes, for those who may see them. */
export function NodeSelect({ none, textOf, ...field }: NodeSelectProps) {
  const allowed = may(useMe(), 'node.read')
  const fleet = useQuery({ ...queryOf(nodes.list, {}), enabled: allowed })
  if (!allowed) return null
  const choices = (fleet.data ?? []).map((node) => ({ value: node.id, label: textOf(node) }))
  return <NativeSelect data={[{ value: '', label: none }, ...choices]} {...field} />
}
