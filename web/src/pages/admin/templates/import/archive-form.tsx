import { Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconFileZip } from '@tabler/icons-react'
import {
  type ImportedFile,
  maxArchiveBytes,
  templateDocuments,
} from '../../../../../../contract/api/template-documents.ts'
import { templates } from '../../../../../../contract/api/templates.ts'
import { useAction } from '../../../../api/queries.ts'
import { fieldErrorsOf } from '../../../../ui/field-errors.ts'
import { Form } from '../../../../ui/form.tsx'
import { FormFailure } from '../../../../ui/form-failure.tsx'
import { Section } from '../../../../ui/section.tsx'
import { CategoryField } from '../category-field.tsx'

const mebibytes = maxArchiveBytes / 1024 / 1024

export function ArchiveForm({ onDone }: { onDone: (files: readonly ImportedFile[]) => void }) {
  const form = useForm<{ archive: File | null; category: string }>({
    initialValues: { archive: null, category: '' },
    validate: { archive: problemOf },
  })
  const add = useAction(templateDocuments.importArchive, { refreshes: [templates.list], onDone })
  const submit = form.onSubmit(async ({ archive, category }) => {
    if (archive === null) return
    const given = { archive: await base64Of(archive), ...(category === '' ? {} : { category }) }
    add.mutate(given, { onError: (error) => form.setErrors(fieldErrorsOf(error)) })
  })
  const { archive } = form.values
  return (
    <Section
      title="Many at once"
      about={`A zip or tar.gz of eggs, up to ${mebibytes} MiB; nothing else of it is read.`}
    >
      <Form errors={form.errors} attempt={add} onSubmit={submit}>
        <Stack>
          <Group>
            <FileButton
              accept=".zip,.tgz,.gz,application/zip,application/gzip"
              onChange={(file) => form.setFieldValue('archive', file)}
            >
              {(props) => (
                <Button
                  {...props}
                  variant="default"
                  leftSection={<IconFileZip size={16} />}
                  aria-invalid={form.errors.archive !== undefined}
                >
                  Choose an archive
                </Button>
              )}
            </FileButton>
            <Text size="sm">{archive?.name ?? 'None chosen'}</Text>
          </Group>
          {form.errors.archive === undefined ? null : (
            <Text size="sm" c="red" role="alert">
              {form.errors.archive}
            </Text>
          )}
          <CategoryField {...form.getInputProps('category')} />
          <FormFailure error={add.error} />
          <Group>
            <Button type="submit" loading={add.isPending}>
              Import the archive
            </Button>
          </Group>
        </Stack>
      </Form>
    </Section>
  )
}

function problemOf(archive: File | null): string | null {
  if (archive === null) return 'Choose an archive.'
  return archive.size > maxArchiveBytes ? `It is larger than ${mebibytes} MiB.` : null
}

/** A file's bytes in base64, as the browser writes them behind the comma of a data URL. */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
