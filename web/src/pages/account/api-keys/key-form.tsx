import { Checkbox, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ApiKey, apiKeys, type NewApiKey } from '../../../../../contract/api/api-keys.ts'
import { allPermissions } from '../../../../../contract/permissions.ts'
import { isAboutOneServer, usableRights } from '../../../../../contract/rules/rights.ts'
import { useAction } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { instantText } from '../../../ui/time-text.ts'
import { toastDone } from '../../../ui/toast.ts'
import { atFields, expiryChoices, inputOf, problemsOf, unchanged, valuesOf } from './key-values.ts'
import { RightsChoice } from './rights-choice.tsx'
import { ServersChoice } from './servers-choice.tsx'

interface KeyFormProps {
  /** Null: a new one. */
  readonly saved: ApiKey | null
  readonly onMade: (made: NewApiKey) => void
  readonly onClose: () => void
}

export function KeyForm({ saved, onMade, onClose }: KeyFormProps) {
  const me = useMe()
  const form = useForm({
    initialValues: valuesOf(saved),
    validate: (values) => problemsOf(values, Date.now()),
  })
  const create = useAction(apiKeys.create, { refreshes: [apiKeys.list], onDone: onMade })
  const update = useAction(apiKeys.update, {
    refreshes: [apiKeys.list],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  })
  const refuse = { onError: (error: unknown) => form.setErrors(atFields(fieldErrorsOf(error))) }
  const submit = form.onSubmit((values) => {
    const input = inputOf(values, Date.now())
    if (saved === null) create.mutate(input, refuse)
    else update.mutate({ apiKeyId: saved.id, ...input }, refuse)
  })
  const { limited, permissions, serverIds, expiry } = form.values
  // What it holds beyond the reader's own rights, it keeps until it is taken away.
  const own = usableRights(me.permissions, [...Object.values(me.grants), saved?.permissions ?? []])
  const usable = allPermissions.filter(
    (name) => own.includes(name) && (!limited || isAboutOneServer(name)),
  )
  return (
    <DialogForm
      errors={form.errors}
      attempt={saved === null ? create : update}
      action={saved === null ? 'Make the key' : 'Save'}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What uses it, so that you know it again."
        data-autofocus
        maxLength={100}
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <Checkbox
        label="For single servers"
        description="It opens the servers that you choose here, and nothing else of the panel."
        {...form.getInputProps('limited', { type: 'checkbox' })}
      />
      {limited ? (
        <ServersChoice
          value={serverIds}
          onChange={(chosen) => form.setFieldValue('serverIds', chosen)}
          error={form.errors.serverIds}
        />
      ) : null}
      <RightsChoice
        usable={usable}
        value={permissions.filter((name) => !limited || isAboutOneServer(name))}
        onChange={(chosen) => form.setFieldValue('permissions', chosen)}
        error={form.errors.permissions}
      />
      <Textarea
        label="Addresses"
        description="Where it may be used from: one address or range per line. Leave empty for anywhere."
        placeholder={'203.0.113.7\n2001:db8::/48'}
        autosize
        minRows={2}
        {...form.getInputProps('addresses')}
      />
      <Group grow align="flex-start">
        <NativeSelect
          label="Expires"
          data={[...(saved === null ? [] : [asItIs(saved)]), ...expiryChoices]}
          {...form.getInputProps('expiry')}
          error={expiry === 'day' ? undefined : form.errors.expiresAt}
        />
        {expiry === 'day' ? (
          <TextInput
            type="date"
            label="Last day"
            {...form.getInputProps('day')}
            error={form.errors.expiresAt}
          />
        ) : null}
      </Group>
    </DialogForm>
  )
}

function asItIs({ expiresAt }: ApiKey) {
  const label = expiresAt === null ? 'Never, as it is' : `As it is: ${instantText(expiresAt)}`
  return { value: unchanged, label }
}
