import { Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Node, nodes } from '../../../../../contract/api/nodes.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { NodeFields, type NodeFormValues, nodeBody } from './node-fields.tsx'

export function NodeSettings({ node }: { node: Node }) {
  const form = useForm({
    initialValues: valuesOf(node),
    validate: (values) => problemsBy(nodes.update.body, nodeBody(values)),
  })
  const update = useAction(nodes.update, {
    refreshes: [nodes.get, nodes.list],
    onDone: () => {
      form.resetDirty()
      toastDone('Saved')
    },
  })
  const submit = form.onSubmit((values) =>
    update.mutate(
      { nodeId: node.id, ...nodes.update.body.parse(nodeBody(values)) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Section title="Settings">
      <Form errors={form.errors} attempt={update} onSubmit={submit}>
        <Stack>
          <NodeFields form={form} />
          <FormFailure error={update.error} />
          <SaveButton changed={form.isDirty()} busy={update.isPending} />
        </Stack>
      </Form>
    </Section>
  )
}

function valuesOf(node: Node): NodeFormValues {
  return {
    name: node.name,
    description: node.description ?? '',
    locationId: node.locationId,
    publicAddress: node.publicAddress,
    maxMemoryMb: node.maxMemoryMb ?? '',
    maxCpuCores: node.maxCpuCores ?? '',
    maxDiskMb: node.maxDiskMb ?? '',
    memoryOvercommit: node.memoryOvercommit,
    cpuOvercommit: node.cpuOvercommit,
    diskOvercommit: node.diskOvercommit,
    tags: node.tags.join(' '),
    maintenance: node.maintenance,
    portFrom: node.portFrom,
    portTo: node.portTo,
  }
}
