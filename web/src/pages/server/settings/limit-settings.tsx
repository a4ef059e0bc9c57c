import { NumberInput, Stack } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { LimitFields } from '../../../ui/limit-fields.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'

const fields = servers.resize.body.required()

export function LimitSettings({ server }: { server: ServerDetail }) {
  const resize = useAction(servers.resize, {
    refreshes: [servers.get, servers.list],
    onDone: () => toastDone('Saved; limits hold from the next start'),
  })
  const { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb, allocationLimit } = server
  const form = useForm({
    initialValues: { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb, allocationLimit },
    validate: schemaResolver(fields, { sync: true }),
  })
  const submit = form.onSubmit((limits) =>
    resize.mutate(
      { serverId: server.id, ...limits },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Section title="Limits" about="They hold from the next start.">
      <Form errors={form.errors} attempt={resize} onSubmit={submit}>
        <Stack>
          <LimitFields propsOf={(name) => form.getInputProps(name)} />
          <NumberInput
            label="Ports"
            description="How many its owner may bring it to, the primary one with them."
            min={0}
            allowDecimal={false}
            {...form.getInputProps('allocationLimit')}
          />
          <FormFailure error={resize.error} />
          <SaveButton changed={form.isDirty()} busy={resize.isPending} />
        </Stack>
      </Form>
    </Section>
  )
}
