import { NativeSelect, PasswordInput, SimpleGrid, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { MailSettings } from '../../../../../contract/api/settings.ts'
import { PortField } from '../../../ui/amount-fields.tsx'
import type { MailValues } from './mail-values.ts'

interface FieldsProps {
  readonly form: UseFormReturnType<MailValues>
}
interface WayProps extends FieldsProps {
  readonly saved: MailSettings
}

export function SenderFields({ form }: FieldsProps) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Sender address" type="email" {...form.getInputProps('fromAddress')} />
        <TextInput label="Sender name" {...form.getInputProps('fromName')} />
      </SimpleGrid>
      <TextInput
        label="Address of the panel"
        description="Links in mail begin with it."
        {...form.getInputProps('panelUrl')}
      />
    </>
  )
}

export function HttpFields({ form, saved }: WayProps) {
  const isKept = saved.transport === 'http' && saved.hasKey && saved.url === form.values.url
  return (
    <>
      <TextInput
        label="Address of the API"
        description="It takes a POST of from, to, subject and text as JSON, as Resend does."
        {...form.getInputProps('url')}
      />
      <SecretField label="Key" isKept={isKept} {...form.getInputProps('key')} />
    </>
  )
}

export function SmtpFields({ form, saved }: WayProps) {
  const { host, port, user } = form.values
  const isKept =
    saved.transport === 'smtp' &&
    saved.hasPassword &&
    saved.host === host &&
    saved.port === port &&
    saved.user === user
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <TextInput label="Server" {...form.getInputProps('host')} />
        <PortField label="Port" {...form.getInputProps('port')} />
        <NativeSelect
          label="Encryption"
          data={[
            { value: 'tls', label: 'TLS (mostly 465)' },
            { value: 'starttls', label: 'STARTTLS (mostly 587)' },
          ]}
          {...form.getInputProps('security')}
        />
      </SimpleGrid>
      <TextInput
        label="User"
        description="Leave empty if the server needs no login."
        autoComplete="off"
        {...form.getInputProps('user')}
      />
      {user === '' ? null : (
        <SecretField label="Password" isKept={isKept} {...form.getInputProps('password')} />
      )}
    </>
  )
}

interface SecretProps {
  readonly label: string
  /** Whether leaving it empty keeps the one that is there. */
  readonly isKept: boolean
}

function SecretField({ label, isKept, ...field }: SecretProps) {
  return (
    <PasswordInput
      label={label}
      description={isKept ? 'Leave empty to keep the saved one.' : undefined}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': `Show the ${label.toLowerCase()}` }}
      {...field}
    />
  )
}
