import { Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type OidcProvider, oidc, oidcProviders } from '../../../../../contract/api/oidc.ts'
import { useAction } from '../../../api/queries.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { ClaimRules } from './claim-rules.tsx'
import { IssuerField } from './issuer-field.tsx'
import { AccountChoices, ClientFields, NameField } from './provider-fields.tsx'
import { changeOf, creationOf, type ProviderValues, valuesOf } from './provider-values.ts'
import { RedirectAddress } from './redirect-address.tsx'

interface ProviderDialogProps {
  readonly edited: OidcProvider | 'new'
  readonly onClose: () => void
}

export function ProviderDialog({ edited, onClose }: ProviderDialogProps) {
  const title = edited === 'new' ? 'Add a sign-in provider' : edited.name
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <ProviderForm saved={edited === 'new' ? null : edited} onClose={onClose} />
    </Modal>
  )
}

function ProviderForm({ saved, onClose }: { saved: OidcProvider | null; onClose: () => void }) {
  const form = useForm<ProviderValues>({
    initialValues: valuesOf(saved),
    validate: (values) => problemsOf(saved, values),
  })
  const options = {
    refreshes: [oidcProviders.list, oidc.providers],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  }
  const create = useAction(oidcProviders.create, options)
  const update = useAction(oidcProviders.update, options)
  const attempt = saved === null ? create : update
  const refuse = { onError: (error: unknown) => form.setErrors(fieldErrorsOf(error)) }
  const submit = form.onSubmit((values) => {
    if (saved === null) create.mutate(creationOf(values), refuse)
    else update.mutate(changeOf(saved, values), refuse)
  })
  return (
    <DialogForm
      errors={form.errors}
      attempt={attempt}
      action="Save"
      onSubmit={submit}
      onClose={onClose}
    >
      <NameField form={form} />
      <IssuerField form={form} isFixed={saved !== null} />
      <RedirectAddress />
      <ClientFields form={form} hasSecret={saved?.hasSecret ?? false} />
      <AccountChoices form={form} />
      <ClaimRules form={form} />
    </DialogForm>
  )
}

function problemsOf(saved: OidcProvider | null, values: ProviderValues): Record<string, string> {
  const problems =
    saved === null
      ? problemsBy(oidcProviders.create.body, creationOf(values))
      : problemsBy(oidcProviders.update.body, changeOf(saved, values))
  const roles = values.claimRules.map(({ roleId }, at) => [`claimRules.${at}.roleId`, roleId])
  const unset = roles.filter(([, roleId]) => roleId === '')
  const { isPublic, clientSecret } = values
  const lacksSecret = !isPublic && clientSecret === '' && saved?.hasSecret !== true
  return {
    ...problems,
    ...Object.fromEntries(unset.map(([field]) => [field, 'Choose one.'])),
    ...(lacksSecret
      ? { clientSecret: 'The provider gives one, unless this is a public client.' }
      : {}),
  }
}
