import { Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { type TemplateVariable, templates } from '../../../../../contract/api/templates.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { VariableFields } from '../../../ui/variable-fields.tsx'

/** The variables of a server. Those who may not see templates get plain fields for what is set. */
export function VariableSettings({ server }: { server: ServerDetail }) {
  const me = useMe()
  const known = may(me, 'template.read')
  const template = useQuery({
    ...queryOf(templates.get, { templateId: server.templateId }),
    enabled: known,
  })
  return (
    <Section title="Variables" about="They take effect at the next start or installation.">
      {known ? (
        <Shown query={template}>
          {({ variables }) => <VariableForm server={server} variables={variables} />}
        </Shown>
      ) : (
        <VariableForm server={server} variables={Object.keys(server.environment).map(plain)} />
      )}
    </Section>
  )
}

function plain(name: string): TemplateVariable {
  return { name, description: '', default: '', required: false, input: 'text', rules: [] }
}

interface VariableFormProps {
  readonly server: ServerDetail
  readonly variables: readonly TemplateVariable[]
}

function VariableForm({ server, variables }: VariableFormProps) {
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
        <SaveButton changed={form.isDirty()} busy={update.isPending} />
      </Stack>
    </Form>
  )
}
