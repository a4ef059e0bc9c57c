import { Code, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { servers } from '../../../../../contract/api/servers.ts'
import { type Startup, startup } from '../../../../../contract/api/startup.ts'
import type { ServerId } from '../../../../../contract/ids.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone } from '../../../ui/toast.ts'

interface CommandFormProps {
  readonly serverId: ServerId
  readonly shown: Startup
  /** Why it cannot be changed; not given: it can. */
  readonly locked: string | undefined
}

/** The line that starts the server, and the image that it runs in. */
export function CommandForm({ serverId, shown, locked }: CommandFormProps) {
  const form = useForm({
    initialValues: {
      startupName: shown.startupName ?? '',
      startupCommand: shown.startupCommand ?? '',
      image: shown.image,
    },
  })
  const update = useAction(startup.update, {
    refreshes: [startup.get, servers.get],
    onDone: () => toastDone('Saved; it takes effect at the next start'),
  })
  const [usual, ...others] = shown.startups
  const submit = form.onSubmit(({ startupName, startupCommand, image }) =>
    update.mutate(
      {
        serverId,
        startupName: startupName || null,
        ...(shown.unlimited ? { startupCommand: startupCommand || null } : {}),
        image: image === '' || image === shown.images[0]?.image ? null : image,
      },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  const disabled = locked !== undefined
  const choices = shown.images.map(({ name, image }) => ({ value: image, label: name }))
  const isOther = !choices.some(({ value }) => value === shown.image)
  return (
    <Section title="Command" about={locked ?? 'Changes take effect at the next start.'}>
      <Form errors={form.errors} attempt={update} onSubmit={submit}>
        <Stack>
          <div>
            <Text size="sm" fw={500}>
              It starts with
            </Text>
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {shown.preview || 'The image’s own command'}
            </Code>
          </div>
          {others.length === 0 ? null : (
            <NativeSelect
              label="Startup line"
              disabled={disabled}
              data={[
                { value: '', label: usual?.name ?? 'Usual' },
                ...others.map(({ name }) => ({ value: name, label: name })),
              ]}
              {...form.getInputProps('startupName')}
            />
          )}
          {shown.unlimited ? (
            <>
              <Textarea
                label="A line of its own"
                description="Above the template’s lines; empty: one of those. Variables stand as {{NAME}}."
                autosize
                disabled={disabled}
                {...form.getInputProps('startupCommand')}
              />
              <TextInput
                label="Image"
                description="Any that the node may run."
                list="startup-images"
                disabled={disabled}
                {...form.getInputProps('image')}
              />
              <datalist id="startup-images">
                {choices.map(({ value, label }) => (
                  <option key={value} value={value} label={label} />
                ))}
              </datalist>
            </>
          ) : (
            <NativeSelect
              label="Image"
              disabled={disabled || choices.length + Number(isOther) < 2}
              description={choices.length < 2 ? 'The template offers one alone.' : undefined}
              data={isOther ? [{ value: shown.image, label: shown.image }, ...choices] : choices}
              {...form.getInputProps('image')}
            />
          )}
          <FormFailure error={update.error} />
          {disabled ? null : <SaveButton changed={form.isDirty()} busy={update.isPending} />}
        </Stack>
      </Form>
    </Section>
  )
}
