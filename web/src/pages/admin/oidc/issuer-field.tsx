import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { oidcProviders } from '../../../../../contract/api/oidc.ts'
import { useAction } from '../../../api/queries.ts'
import { FormFailure } from '../../../ui/form-failure.tsx'
import type { ProviderValues } from './provider-values.ts'

interface IssuerFieldProps {
  readonly form: UseFormReturnType<ProviderValues>
  /** Accounts may be linked with it: then it stays. */
  readonly isFixed: boolean
}

/** Where the provider is, and whether it answers there. */
export function IssuerField({ form, isFixed }: IssuerFieldProps) {
  const test = useAction(oidcProviders.test, { refreshes: [] })
  const { issuer } = form.values
  const run = () =>
    test.mutate({ issuer }, { onError: () => form.setFieldError('issuer', 'That is no address.') })
  return (
    <Stack gap="xs">
      <TextInput
        label="Issuer"
        description={
          isFixed
            ? 'It cannot change: accounts are linked with it.'
            : 'The provider’s address, without /.well-known/openid-configuration.'
        }
        readOnly={isFixed}
        inputMode="url"
        {...form.getInputProps('issuer')}
      />
      <Group>
        <Button size="compact-sm" variant="default" loading={test.isPending} onClick={run}>
          Test the issuer
        </Button>
      </Group>
      {test.data === undefined || test.variables?.issuer !== issuer ? null : (
        <Alert
          role="status"
          color={test.data.works ? 'green' : 'red'}
          title={test.data.works ? 'It works' : 'It does not work'}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {test.data.said}
          </Text>
        </Alert>
      )}
      <FormFailure error={test.error} />
    </Stack>
  )
}
