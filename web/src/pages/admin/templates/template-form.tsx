import { Button, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { TemplateBody } from '../../../../../contract/api/template-fields.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { LimitFields } from '../../../ui/limit-fields.tsx'
import { Section } from '../../../ui/section.tsx'
import { CategoryField } from './category-field.tsx'
import { byField, checkTemplate, type TemplateFormValues } from './template-form-values.ts'
import { VariablesEditor } from './variables-editor.tsx'

interface TemplateFormProps {
  readonly initial: TemplateFormValues
  readonly action: string
  readonly attempt: {
    readonly isPending: boolean
    readonly error: unknown
    readonly reset: () => void
  }
  readonly onSubmit: (body: TemplateBody, onError: (error: unknown) => void) => void
}

const modes = [
  { value: 'shell', label: 'A shell in the container' },
  { value: 'argv', label: 'The container directly, word by word' },
  { value: 'image', label: 'The image itself, which reads STARTUP' },
]

export function TemplateForm({ initial, action, attempt, onSubmit }: TemplateFormProps) {
  const form = useForm({
    initialValues: initial,
    validate: (values) => {
      const checked = checkTemplate(values)
      return checked.ok ? {} : checked.problems
    },
  })
  const refuse = (failure: unknown) => {
    const issues = Object.entries(fieldErrorsOf(failure))
    form.setErrors(byField(issues.map(([path, message]) => ({ path: path.split('.'), message }))))
  }
  const submit = form.onSubmit((values) => {
    const checked = checkTemplate(values)
    if (checked.ok) onSubmit(checked.body, refuse)
  })
  return (
    <Form errors={form.errors} attempt={attempt} onSubmit={submit}>
      <Stack maw={960}>
        <Section title="Main">
          <TextInput label="Name" required {...form.getInputProps('name')} />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            {...form.getInputProps('description')}
          />
          <CategoryField {...form.getInputProps('category')} />
          <TextInput
            label="Image"
            required
            placeholder="registry/name:tag"
            {...form.getInputProps('image')}
          />
        </Section>
        <Section title="Start and stop">
          <Textarea
            label="Startup"
            description="Variables stand as {{NAME}}."
            autosize
            {...form.getInputProps('startup')}
          />
          <NativeSelect label="Run by" data={modes} {...form.getInputProps('startupMode')} />
          <TextInput
            label="Stop command"
            description="A console line; empty: the signal alone."
            {...form.getInputProps('stopCommand')}
          />
          <TextInput
            label="Ports"
            description="What the game listens on in the container, the primary one first."
            {...form.getInputProps('ports')}
          />
        </Section>
        <Section title="Suggested limits">
          <LimitFields withDisk={false} propsOf={(name) => form.getInputProps(name)} />
        </Section>
        <VariablesEditor
          variables={form.values.variables}
          errors={form.errors}
          onChange={(variables) => form.setFieldValue('variables', variables)}
        />
        <Section
          title="The rest"
          about="Installation, files, ready texts, images and stopping, as JSON."
        >
          <Textarea
            aria-label="The rest, as JSON"
            autosize
            minRows={12}
            maxRows={40}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            {...form.getInputProps('rest')}
          />
        </Section>
        <FormFailure error={attempt.error} />
        <Group>
          <Button type="submit" loading={attempt.isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
