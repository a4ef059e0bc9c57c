import { Stack, Textarea, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { usable } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'

const fields = servers.update.body.pick({ name: true, description: true })

export function GeneralSettings({ server }: { server: ServerDetail }) {
  const me = useMe()
  const update = useAction(servers.update, {
    refreshes: [servers.get, servers.list],
    onDone: () => toastDone('Saved'),
  })
  const form = useForm({
    initialValues: { name: server.name, description: server.description ?? '' },
    validate: schemaResolver(fields.required({ name: true }), { sync: true }),
  })
  const submit = form.onSubmit(({ name, description }) =>
    update.mutate(
      { serverId: server.id, name, description: description === '' ? null : description },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Section title="General">
      <Form errors={form.errors} attempt={update} onSubmit={submit}>
        <Stack>
          <TextInput label="Name" {...form.getInputProps('name')} />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            {...form.getInputProps('description')}
          />
          <FormFailure error={update.error} />
          <SaveButton
            changed={form.isDirty()}
            busy={update.isPending}
            possible={usable(me, server, 'server.update')}
          />
        </Stack>
      </Form>
    </Section>
  )
}
