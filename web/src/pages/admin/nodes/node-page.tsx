import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { type Node, type NodeProblem, nodes } from '../../../../../contract/api/nodes.ts'
import { NodeId } from '../../../../../contract/ids.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { Component as NotFound } from '../../not-found-page.tsx'
import { JoinNode } from './join-node.tsx'
import { NodeAllocations } from './node-allocations.tsx'
import { NodeFacts } from './node-facts.tsx'
import { NodePools } from './node-pools.tsx'
import { NodeSettings } from './node-settings.tsx'
import { NodeTrust } from './node-trust.tsx'

export function Component() {
  const nodeId = NodeId.safeParse(useParams().nodeId)
  return nodeId.success ? <NodePage key={nodeId.data} nodeId={nodeId.data} /> : <NotFound />
}

function NodePage({ nodeId }: { nodeId: NodeId }) {
  const me = useMe()
  const join = (node: Node) => (may(me, 'node.create') ? <JoinNode node={node} /> : null)
  const found = useQuery({ ...queryOf(nodes.get, { nodeId }), refetchInterval: pollEvery.watched })
  return (
    <PageFrame title={found.data?.name ?? 'Node'} above={[['Nodes', paths.nodes()]]}>
      <Shown query={found}>
        {(node) => (
          <Stack maw={960}>
            <Warnings node={node} />
            {node.status === 'pending' ? join(node) : null}
            <NodeFacts node={node} />
            {node.status === 'offline' ? join(node) : null}
            <NodePools node={node} />
            <NodeAllocations nodeId={node.id} />
            {may(me, 'node.update') ? <NodeSettings key={node.id} node={node} /> : null}
            <NodeTrust node={node} />
          </Stack>
        )}
      </Shown>
    </PageFrame>
  )
}

const problemTexts: Readonly<Record<NodeProblem, { title: string; text: string }>> = {
  engine_down: {
    title: 'Docker does not answer',
    text: 'The agent is connected, but it cannot start or stop servers. Start Docker on the node.',
  },
  disk_low: {
    title: 'The disk is nearly full',
    text: 'Servers, installations and the agent itself fail when it is. Make room on the node.',
  },
  agent_outdated: {
    title: 'The agent is of another version',
    text: 'It goes on working beside a panel one version away. Paste the join line again to update it.',
  },
}

function Warnings({ node }: { node: Node }) {
  const warnings = node.runtime?.warnings ?? []
  const { problems } = node
  if (node.alert === null && warnings.length === 0 && problems.length === 0) return null
  return (
    <>
      {node.alert === null ? null : (
        <Alert color="red" icon={<IconAlertTriangle />} title="Look at this first">
          {node.alert}
        </Alert>
      )}
      {problems.map((problem) => (
        <Alert
          key={problem}
          color="red"
          icon={<IconAlertTriangle />}
          title={problemTexts[problem].title}
        >
          {problemTexts[problem].text}
        </Alert>
      ))}
      {warnings.length === 0 ? null : (
        <Alert color="yellow" icon={<IconAlertTriangle />} title="What the agent noticed">
          <Stack gap={4}>
            {warnings.map((warning) => (
              <Text key={warning} size="sm">
                {warning}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
    </>
  )
}
