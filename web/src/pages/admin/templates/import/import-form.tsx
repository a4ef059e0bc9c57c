import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import {
  type Imported,
  templateDocuments,
} from '../../../../../../contract/api/template-documents.ts'
import { templates } from '../../../../../../contract/api/templates.ts'
import { useAction } from '../../../../api/queries.ts'
import { fieldErrorsOf } from '../../../../ui/field-errors.ts'
import { Form } from '../../../../ui/form.tsx'
import { FormFailure } from '../../../../ui/form-failure.tsx'
import { Section } from '../../../../ui/section.tsx'
import { CategoryField } from '../category-field.tsx'
import { DocumentField } from './document-field.tsx'

export function ImportForm({ onDone }: { onDone: (imported: Imported) => void }) {
  const form = useForm({
    initialValues: { content: '', name: '', category: '' },
    validate: { content: (text) => (text.trim() === '' ? 'Choose a file or paste a text.' : null) },
  })
  const add = useAction(templateDocuments.import, {
    refreshes: [templates.list],
    onDone,
  })
  const submit = form.onSubmit(({ content, name, category }) =>
    add.mutate(
      { content, ...(name === '' ? {} : { name }), ...(category === '' ? {} : { category }) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Section
      title="One template"
      about="An egg of Pterodactyl or Pelican, or a template of Catalyst."
    >
      <Form errors={form.errors} attempt={add} onSubmit={submit}>
        <Stack>
          <DocumentField
            value={form.values.content}
            error={form.errors.content}
            onChange={(content) => form.setFieldValue('content', content)}
          />
          <TextInput
            label="Name"
            description="Empty: the document’s own."
            {...form.getInputProps('name')}
          />
          <CategoryField {...form.getInputProps('category')} />
          <FormFailure error={add.error} />
          <Group>
            <Button type="submit" loading={add.isPending}>
              Import the template
            </Button>
          </Group>
        </Stack>
      </Form>
    </Section>
  )
}
