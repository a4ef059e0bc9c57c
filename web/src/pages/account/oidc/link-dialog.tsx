import { Modal, PasswordInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { type Identity, identities } from '../../../../../contract/api/oidc.ts'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { refusedFields } from '../two-factor/factors.ts'
import { keepErrand } from './errand.ts'

interface LinkDialogProps {
  readonly provider: Identity['provider']
  readonly onClose: () => void
}

/** Asks once more who the reader is, then leaves for the provider. */
export function LinkDialog({ provider, onClose }: LinkDialogProps) {
  const state = useQuery(queryOf(twoFactor.state, {}))
  return (
    <Modal opened onClose={onClose} title={`Link with ${provider.name}`}>
      <Shown query={state}>
        {({ hasPassword }) => (
          <LinkForm provider={provider} hasPassword={hasPassword} onClose={onClose} />
        )}
      </Shown>
    </Modal>
  )
}

function LinkForm({ provider, hasPassword, onClose }: LinkDialogProps & { hasPassword: boolean }) {
  const begin = useAction(identities.begin, {
    refreshes: [],
    onDone: ({ url }) => {
      keepErrand({ kind: 'link', next: paths.account(), rememberMe: false })
      window.location.assign(url)
    },
  })
  const form = useForm({
    initialValues: { currentPassword: '' },
    validate: {
      currentPassword: (value) => (hasPassword && value === '' ? 'Type your password.' : null),
    },
  })
  const submit = form.onSubmit(({ currentPassword }) =>
    begin.mutate(
      { providerId: provider.id, ...(hasPassword ? { currentPassword } : {}) },
      { onError: (error) => form.setErrors(refusedFields(error)) },
    ),
  )
  const isAtField = Object.keys(refusedFields(begin.error)).length > 0
  return (
    <DialogForm
      errors={form.errors}
      // Until the browser has left, which takes a moment.
      attempt={{ ...begin, isPending: begin.isPending || begin.isSuccess }}
      action={`Go to ${provider.name}`}
      failure={isAtField ? null : begin.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm">
        You go to {provider.name} and come back. Whoever can sign in there can then sign in as you
        here.
      </Text>
      {hasPassword ? (
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('currentPassword')}
        />
      ) : null}
    </DialogForm>
  )
}
