import { Button, Group, Modal, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { allocations, type ServerAllocation } from '../../../../../contract/api/allocations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { detailsOf, PortDetailFields } from './port-details.tsx'

interface EditPortDialogProps {
  readonly server: ServerDetail
  readonly port: ServerAllocation
  readonly onClose: () => void
}

export function EditPortDialog({ server, port, onClose }: EditPortDialogProps) {
  const { alias, notes, variable } = port
  const form = useForm({
    initialValues: { alias: alias ?? '', notes: notes ?? '', variable: variable ?? '' },
    validate: (values) => problemsBy(allocations.update.body, detailsOf(values)),
  })
  const update = useAction(allocations.update, {
    refreshes: [allocations.list, servers.get],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    update.mutate(
      { serverId: server.id, allocation: port.id, ...detailsOf(values) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={`Port ${port.hostPort}`}>
      <Form errors={form.errors} attempt={update} onSubmit={submit}>
        <Stack>
          <PortDetailFields propsOf={(name) => form.getInputProps(name)} />
          <FormFailure error={update.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  )
}
