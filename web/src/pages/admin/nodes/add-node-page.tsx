import { Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { type Node, nodes } from '../../../../../contract/api/nodes.ts'
import { call } from '../../../api/client.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { Section } from '../../../ui/section.tsx'
import { JoinNode, type JoinToken } from './join-node.tsx'
import { NodeFields, type NodeFormValues, nodeBody } from './node-fields.tsx'

const empty: NodeFormValues = {
  name: '',
  description: '',
  locationId: '',
  publicAddress: '',
  maxMemoryMb: '',
  maxCpuCores: '',
  maxDiskMb: '',
  memoryOvercommit: 1,
  cpuOvercommit: 1,
  diskOvercommit: 1,
  tags: '',
  maintenance: false,
  portFrom: 20_000,
  portTo: 29_999,
}

interface Added {
  readonly node: Node
  readonly token: JoinToken | null
}

/** First what the node is, then the line that brings its agent in. */
export function Component() {
  const [added, setAdded] = useState<Added | null>(null)
  return (
    <PageFrame title="Add a node" above={[['Nodes', paths.nodes()]]}>
      <Stack maw={720}>
        {added === null ? (
          <AddNodeForm onAdded={setAdded} />
        ) : (
          <JoinNode node={added.node} first={added.token} />
        )}
      </Stack>
    </PageFrame>
  )
}

function AddNodeForm({ onAdded }: { onAdded: (added: Added) => void }) {
  const form = useForm({
    initialValues: empty,
    validate: (values) => problemsBy(nodes.create.body, withoutNone(values)),
  })
  const create = useAction(nodes.create, {
    refreshes: [nodes.list],
    onDone: async (node) => {
      // The node exists now; without its line the next screen offers to make one.
      const token = await call(nodes.makeJoinToken, { nodeId: node.id }).catch(() => null)
      onAdded({ node, token })
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(nodes.create.body.parse(withoutNone(values)), {
      onError: (error) => form.setErrors(fieldErrorsOf(error)),
    }),
  )
  return (
    <Form errors={form.errors} attempt={create} onSubmit={submit}>
      <Stack>
        <Section title="The node">
          <NodeFields form={form} />
        </Section>
        <FormFailure error={create.error} />
        <Group>
          <Button type="submit" loading={create.isPending}>
            Add the node
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}

/** A new node leaves out what an existing one would set to nothing. */
function withoutNone(values: NodeFormValues): object {
  return Object.fromEntries(Object.entries(nodeBody(values)).filter(([, value]) => value !== null))
}
