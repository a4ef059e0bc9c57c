import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { auth, users } from '../../../../contract/api/accounts.ts'
import { useAction } from '../../api/queries.ts'
import { useMe } from '../../frame/session.tsx'
import { Facts } from '../../ui/facts.tsx'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { problemsBy } from '../../ui/form-problems.ts'
import { SaveButton } from '../../ui/save-button.tsx'
import { Section } from '../../ui/section.tsx'
import { toastDone } from '../../ui/toast.ts'

/** Who the reader is, and what others call them. */
export function OwnName() {
  const me = useMe()
  const form = useForm({
    initialValues: { name: me.name },
    validate: (values) => problemsBy(auth.rename.body, values),
  })
  const rename = useAction(auth.rename, {
    refreshes: [auth.me, users.list],
    onDone: ({ name }) => {
      form.setInitialValues({ name })
      form.setValues({ name })
      toastDone('Saved')
    },
  })
  const submit = form.onSubmit((values) =>
    rename.mutate(values, { onError: (error) => form.setErrors(fieldErrorsOf(error)) }),
  )
  return (
    <Section title="You" about="An administrator can change your e-mail and your roles.">
      <Form errors={form.errors} attempt={rename} onSubmit={submit}>
        <Stack>
          <Facts
            of={{
              'E-mail': me.email,
              Roles: me.roles.map(({ name }) => name).join(', ') || 'None',
            }}
          />
          <TextInput
            label="Name"
            description="Others see it where you share servers."
            autoComplete="name"
            {...form.getInputProps('name')}
          />
          <FormFailure error={rename.error} />
          <SaveButton changed={form.isDirty()} busy={rename.isPending} />
        </Stack>
      </Form>
    </Section>
  )
}
