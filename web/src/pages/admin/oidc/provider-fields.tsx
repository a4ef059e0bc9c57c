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
        description="The provider gave you no client secret."
        {...form.getInputProps('isPublic', { type: 'checkbox' })}
      />
      {isPublic ? null : (
        <PasswordInput
          label="Client secret"
          description={hasSecret ? 'Leave empty to keep the saved one.' : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the client secret' }}
          {...form.getInputProps('clientSecret')}
        />
      )}
      <TextInput
        label="Scopes"
        description="Separated by spaces. Some providers tell groups only when asked for them."
        {...form.getInputProps('scopes')}
      />
    </>
  )
}

export function AccountChoices({ form }: FieldsProps) {
  return (
    <>
      <Checkbox
        label="Create accounts"
        description="For people without one, if the provider has verified their e-mail. Anyone whose e-mail already has an account links that first."
        {...form.getInputProps('createsAccounts', { type: 'checkbox' })}
      />
      <Checkbox
        label="Enabled"
        description="While it is off, nobody can sign in with it; linked accounts stay linked."
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
    </>
  )
}
