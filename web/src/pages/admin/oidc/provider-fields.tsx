import { Checkbox, PasswordInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ProviderValues } from './provider-values.ts'

interface FieldsProps {
  readonly form: UseFormReturnType<ProviderValues>
}

export function NameField({ form }: FieldsProps) {
  const { name } = form.values
  return (
    <TextInput
      label="Name"
      description={`The button reads “Sign in with ${name.trim() || '…'}”.`}
      data-autofocus
      {...form.getInputProps('name')}
    />
  )
}

/** What the panel is to the provider. @param hasSecret whether one is kept already */
export function ClientFields({ form, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  const { isPublic } = form.values
  return (
    <>
      <TextInput label="Client ID" autoComplete="off" {...form.getInputProps('clientId')} />
      <Checkbox
        label="Public client"
        description="The provider has given no client secret."
        {...form.getInputProps('isPublic', { type: 'checkbox' })}
      />
      {isPublic ? null : (
        <PasswordInput
          label="Client secret"
          description={hasSecret ? 'Empty: it stays as it is.' : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the client secret' }}
          {...form.getInputProps('clientSecret')}
        />
      )}
      <TextInput
        label="Scopes"
        description="What is asked for, with spaces between. Some providers tell groups only when asked."
        {...form.getInputProps('scopes')}
      />
    </>
  )
}

export function AccountChoices({ form }: FieldsProps) {
  return (
    <>
      <Checkbox
        label="Make accounts"
        description="Somebody without an account gets one, if the provider has verified their e-mail and no account has it. Otherwise they link their account first."
        {...form.getInputProps('createsAccounts', { type: 'checkbox' })}
      />
      <Checkbox
        label="Switched on"
        description="Without it nobody signs in with the provider; links stay."
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
    </>
  )
}
