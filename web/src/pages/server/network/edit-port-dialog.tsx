import { Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { allocations, type ServerAllocation } from '../../../../../contract/api/allocations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
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
      <DialogForm
        errors={form.errors}
        attempt={update}
        action="Save"
        onSubmit={submit}
        onClose={onClose}
      >
        <PortDetailFields propsOf={(name) => form.getInputProps(name)} />
      </DialogForm>
    </Modal>
  )
}
