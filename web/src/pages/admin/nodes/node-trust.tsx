import { Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKeyOff, IconTrash, IconUserCheck } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import { type Node, nodes } from '../../../../../contract/api/nodes.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { counted } from '../../../ui/amounts.ts'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { TypeNameDialog } from '../../../ui/type-name-dialog.tsx'

/** Who may speak for this node, and its end. */
export function NodeTrust({ node }: { node: Node }) {
  const me = useMe()
  const update = may(me, 'node.update')
  if (!update && !may(me, 'node.delete')) return null
  return (
    <Section title="Trust">
      <Stack gap="md">
        {update ? <Revoke node={node} /> : null}
        {update ? <Adopt node={node} /> : null}
        {may(me, 'node.delete') ? <Delete node={node} /> : null}
      </Stack>
    </Section>
  )
}

function Revoke({ node }: { node: Node }) {
  const revoke = useAction(nodes.revoke, {
    refreshes: [nodes.get, nodes.list],
    onDone: () => toastDone('The key is revoked'),
  })
  return (
    <div>
      <Text size="sm" mb={6}>
        Revoking throws the agent’s key away and ends its connection at once. Servers go on running;
        the machine joins again with a new line.
      </Text>
      <HoldButton
        label="Revoke the key"
        icon={<IconKeyOff size={16} />}
        color="red"
        variant="light"
        size="sm"
        consequence="The agent is shut out at once."
        possible={node.enrolled || 'No agent has joined, so there is no key.'}
        onHeld={() =>
          revoke.mutate(
            { nodeId: node.id },
            { onError: (error) => toastFailure('Not revoked', error) },
          )
        }
      />
    </div>
  )
}

function Adopt({ node }: { node: Node }) {
  const adopt = useAction(nodes.adopt, {
    refreshes: [nodes.get, nodes.list],
    onDone: () => toastDone('The next machine that connects with the key takes over'),
  })
  return (
    <div>
      <Text size="sm" mb={6}>
        Adopting lets another machine with this node’s key take over, such as one that was restored
        from a copy. Do it only when you know that machine.
      </Text>
      <ReasonButton
        label="Adopt the other machine"
        icon={<IconUserCheck size={16} />}
        variant="default"
        size="sm"
        loading={adopt.isPending}
        possible={node.enrolled || 'No agent has joined, so there is nothing to take over.'}
        onPress={() =>
          adopt.mutate(
            { nodeId: node.id },
            { onError: (error) => toastFailure('Not adopted', error) },
          )
        }
      />
    </div>
  )
}

function Delete({ node }: { node: Node }) {
  const [asking, ask] = useDisclosure(false)
  const navigate = useNavigate()
  const remove = useAction(nodes.delete, {
    refreshes: [nodes.list],
    onDone: () => navigate(paths.nodes()),
  })
  return (
    <Group>
      <ReasonButton
        label="Delete the node"
        icon={<IconTrash size={16} />}
        color="red"
        variant="light"
        size="sm"
        possible={
          node.serverCount === 0 ||
          `It has ${counted(node.serverCount, 'server')}: delete or move them first.`
        }
        onPress={ask.open}
      />
      <TypeNameDialog
        opened={asking}
        title={`Delete ${node.name}?`}
        name={node.name}
        action="Delete the node"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ nodeId: node.id })}
        onClose={ask.close}
      >
        <Text size="sm">Its agent is shut out. The machine itself is not touched.</Text>
      </TypeNameDialog>
    </Group>
  )
}
