import { Modal, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Allocation } from '../../../../../contract/api/allocations.ts'
import { nodes } from '../../../../../contract/api/nodes.ts'
import { servers } from '../../../../../contract/api/servers.ts'
import type { NodeId } from '../../../../../contract/ids.ts'
import { socketText } from '../../../../../contract/rules/ports.ts'
import { useAction } from '../../../api/queries.ts'
import { PortField } from '../../../ui/amount-fields.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'

interface EditAllocationDialogProps {
  readonly nodeId: NodeId
  readonly allocation: Allocation
  readonly onClose: () => void
}

export function EditAllocationDialog({ nodeId, allocation, onClose }: EditAllocationDialogProps) {
  const { alias, notes, publicHost, publicPort } = allocation
  const form = useForm({
    initialValues: {
      alias: alias ?? '',
      notes: notes ?? '',
      publicHost: publicHost ?? '',
      publicPort: publicPort ?? ('' as number | string),
    },
    validate: (values) => problemsBy(nodes.updateAllocation.body, bodyOf(values)),
  })
  const update = useAction(nodes.updateAllocation, {
    refreshes: [nodes.allocations, servers.list, servers.get],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    update.mutate(
      { nodeId, allocationId: allocation.id, ...bodyOf(values) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={socketText(allocation.ip, allocation.port)}>
      <DialogForm
        errors={form.errors}
        attempt={update}
        action="Save"
        onSubmit={submit}
        onClose={onClose}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="Public host"
            description="Where players connect. Empty: the address."
            {...form.getInputProps('publicHost')}
          />
          <PortField
            label="Public port"
            description="Empty: the port itself."
            {...form.getInputProps('publicPort')}
          />
        </SimpleGrid>
        <TextInput label="Name" {...form.getInputProps('alias')} />
        <Textarea label="Notes" autosize minRows={2} {...form.getInputProps('notes')} />
      </DialogForm>
    </Modal>
  )
}

interface Values {
  readonly alias: string
  readonly notes: string
  readonly publicHost: string
  readonly publicPort: number | string
}

function bodyOf({ alias, notes, publicHost, publicPort }: Values) {
  const given = (text: string) => (text.trim() === '' ? null : text.trim())
  return {
    alias: given(alias),
    notes: given(notes),
    publicHost: given(publicHost),
    publicPort: publicPort === '' ? null : Number(publicPort),
  }
}
