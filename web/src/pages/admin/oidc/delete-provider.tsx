import { Text } from '@mantine/core'
import { type OidcProvider, oidc, oidcProviders } from '../../../../../contract/api/oidc.ts'
import { useAction } from '../../../api/queries.ts'
import { counted } from '../../../ui/amounts.ts'
import { TypeNameDialog } from '../../../ui/type-name-dialog.tsx'

interface DeleteProviderProps {
  readonly provider: OidcProvider
  readonly onClose: () => void
}

export function DeleteProvider({ provider, onClose }: DeleteProviderProps) {
  const { id, name, accountCount } = provider
  const remove = useAction(oidcProviders.delete, {
    refreshes: [oidcProviders.list, oidc.providers],
    onDone: onClose,
  })
  return (
    <TypeNameDialog
      opened
      title={`Delete ${name}?`}
      name={name}
      action="Delete it"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ providerId: id })}
      onClose={onClose}
    >
      <Text size="sm">
        {accountCount === 0
          ? 'No account is linked with it.'
          : `${counted(accountCount, 'account')} can no longer sign in with it. Who has no password and no passkey gets in by a link to a new password alone.`}
      </Text>
    </TypeNameDialog>
  )
}
