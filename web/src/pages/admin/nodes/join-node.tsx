import { Alert, Button, Code, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type Node, nodes } from '../../../../../contract/api/nodes.ts'
import type { Output } from '../../../../../contract/endpoint.ts'
import type { NodeId } from '../../../../../contract/ids.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { useNow } from '../../../ui/now.tsx'
import { Section } from '../../../ui/section.tsx'
import { durationText } from '../../../ui/time-text.ts'

export type JoinToken = Output<typeof nodes.makeJoinToken>

/** The one line that makes a machine this node, and a look out for it. */
export function JoinNode({ node, first }: { node: Pick<Node, 'id'>; first?: JoinToken | null }) {
  const make = useAction(nodes.makeJoinToken, { refreshes: [] })
  const made = make.data ?? first ?? null
  return (
    <Section
      title="Connect the machine"
      about="The line installs the agent and joins it to this panel. It works once, for 15 minutes."
    >
      {made === null ? null : <JoinLine {...made} />}
      {make.error === null ? null : <Failure error={make.error} />}
      <Group>
        <Button
          variant={made === null ? 'filled' : 'default'}
          loading={make.isPending}
          onClick={() => make.mutate({ nodeId: node.id })}
        >
          {made === null ? 'Make the line' : 'Make another line'}
        </Button>
      </Group>
      {made === null ? null : <WaitForNode nodeId={node.id} />}
    </Section>
  )
}

function JoinLine({ command, expiresAt }: JoinToken) {
  const left = Date.parse(expiresAt) - useNow()
  return (
    <Stack gap={4}>
      <Text size="sm">Paste it into a root shell on the machine:</Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {command}
        </Code>
        <CopyButton text={command} what="line" />
      </Group>
      {isThisMachine(window.location.hostname) ? (
        <Text size="sm" role="note">
          The line calls the panel by an address that only this machine knows. For another machine,
          let the panel be reached by a name or an address of its own, open it there and make the
          line again.
        </Text>
      ) : null}
      <Text size="xs" c="dimmed">
        {left > 0 ? `Good for another ${durationText(left)}.` : 'It has expired: make another one.'}
      </Text>
    </Stack>
  )
}

/** Addresses that lead every machine to itself. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

function WaitForNode({ nodeId }: { nodeId: NodeId }) {
  const node = useQuery({ ...queryOf(nodes.get, { nodeId }), refetchInterval: pollEvery.working })
  const status = node.data?.status
  if (status !== 'online' && status !== 'degraded') {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">Waiting for the agent to connect…</Text>
      </Group>
    )
  }
  return (
    <Alert
      color="green"
      icon={<IconCircleCheck />}
      title={`${node.data?.name} is connected`}
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {status === 'online'
            ? 'It can run servers now.'
            : 'Its Docker engine does not answer yet: see the node for what is wrong.'}
        </Text>
        <Group gap="xs">
          <Button component={Link} to={paths.newServer()} size="compact-sm">
            Create a server
          </Button>
          <Button component={Link} to={paths.node(nodeId)} size="compact-sm" variant="default">
            To the node
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
