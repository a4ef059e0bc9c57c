import { Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
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
import { VariableFields } from '../../../ui/variable-fields.tsx'

export function VariableSettings({ server }: { server: ServerDetail }) {
  return (
    <Section title="Variables" about="They take effect at the next start or installation.">
      <VariableForm server={server} />
    </Section>
  )
}

function VariableForm({ server }: { server: ServerDetail }) {
  const me = useMe()
  const { variables } = server
  const form = useForm({
    initialValues: {
      environment: Object.fromEntries(
        variables.map(({ name, default: preset }) => [name, server.environment[name] ?? preset]),
      ),
    },
  })
  const update = useAction(servers.update, {
    refreshes: [servers.get],
    onDone: () => toastDone('Saved; it takes effect at the next start'),
  })
  if (variables.length === 0) return <Text c="dimmed">The template has no variables.</Text>
  const submit = form.onSubmit(({ environment }) =>
    update.mutate(
      { serverId: server.id, environment: { ...server.environment, ...environment } },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Form errors={form.errors} attempt={update} onSubmit={submit}>
      <Stack>
        <VariableFields
          variables={variables}
          environment={form.values.environment}
          errors={form.errors}
          onChange={(environment) => form.setFieldValue('environment', environment)}
        />
        <FormFailure error={update.error} />
        <SaveButton
          changed={form.isDirty()}
          busy={update.isPending}
          possible={usable(me, server, 'server.update')}
        />
      </Stack>
    </Form>
  )
}
