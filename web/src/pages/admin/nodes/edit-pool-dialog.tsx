import { Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type IpPool, pools } from '../../../../../contract/api/pools.ts'
import { useAction } from '../../../api/queries.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { PoolSettingFields, poolSettingsOf } from './pool-settings.tsx'

export function EditPoolDialog({ pool, onClose }: { pool: IpPool; onClose: () => void }) {
  const { alias, publicHost, publicPortFrom, selfService } = pool
  const form = useForm({
    initialValues: {
      alias: alias ?? '',
      publicHost: publicHost ?? '',
      publicPortFrom: publicPortFrom ?? ('' as number | string),
      selfService,
    },
    validate: (values) => problemsBy(pools.update.body, poolSettingsOf(values)),
  })
  const update = useAction(pools.update, {
    refreshes: [pools.list],
    onDone: () => {
      toastDone('Saved; it holds for ports that are taken from now on')
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    update.mutate(
      { nodeId: pool.nodeId, poolId: pool.id, ...poolSettingsOf(values) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={`Ports on ${pool.cidr}`}>
      <DialogForm
        errors={form.errors}
        attempt={update}
        action="Save"
        onSubmit={submit}
        onClose={onClose}
      >
        <PoolSettingFields propsOf={form.getInputProps} />
      </DialogForm>
    </Modal>
  )
}
