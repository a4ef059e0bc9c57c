import { Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { servers } from '../../../../../contract/api/servers.ts'
import { type Startup, type StartupVariable, startup } from '../../../../../contract/api/startup.ts'
import type { ServerId } from '../../../../../contract/ids.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { VariableField } from '../../../ui/variable-field.tsx'
import { changesOf, problemsOf, valuesOf } from './startup-form.ts'

interface VariablesFormProps {
  readonly serverId: ServerId
  readonly shown: Startup
  /** Why none can be changed; not given: those can that the template leaves to the caller. */
  readonly locked: string | undefined
}

export function VariablesForm({ serverId, shown, locked }: VariablesFormProps) {
  return (
    <Section title="Variables" about="They take effect at the next start or installation.">
      {shown.variables.length === 0 ? (
        <Text c="dimmed">The template has no variables for you.</Text>
      ) : (
        <Fields serverId={serverId} shown={shown} locked={locked} />
      )}
    </Section>
  )
}

function Fields({ serverId, shown, locked }: VariablesFormProps) {
  const form = useForm({
    initialValues: { environment: valuesOf(shown) },
    validate: ({ environment }) => problemsOf(shown, environment),
  })
  const update = useAction(startup.update, {
    refreshes: [startup.get, servers.get],
    onDone: () => toastDone('Saved; it takes effect at the next start'),
  })
  const submit = form.onSubmit(({ environment }) =>
    update.mutate(
      { serverId, environment: changesOf(shown, environment) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  const { environment } = form.values
  const live = problemsOf(shown, environment)
  const errorOf = (name: string) => form.errors[name] ?? live[name]
  return (
    <Form errors={form.errors} attempt={update} onSubmit={submit}>
      <Stack>
        {shown.variables.map((variable) => (
          <VariableField
            key={variable.name}
            variable={variable}
            value={environment[variable.name] ?? ''}
            error={errorOf(`environment.${variable.name}`)}
            locked={locked === undefined ? lockOf(variable) : ''}
            placeholder={variable.isSet ? 'Set; type to replace it' : 'Not set'}
            onChange={(value) => form.setFieldValue(`environment.${variable.name}`, value)}
          />
        ))}
        <FormFailure error={update.error} />
        {locked === undefined ? (
          <SaveButton changed={form.isDirty()} busy={update.isPending} />
        ) : null}
      </Stack>
    </Form>
  )
}

function lockOf({ editable }: StartupVariable): string | undefined {
  return editable ? undefined : 'Only the panel’s staff changes this.'
}
