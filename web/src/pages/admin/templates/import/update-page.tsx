import { Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { templateDocuments } from '../../../../../../contract/api/template-documents.ts'
import { type Template, templates } from '../../../../../../contract/api/templates.ts'
import { TemplateId } from '../../../../../../contract/ids.ts'
import { queryOf, useAction } from '../../../../api/queries.ts'
import { paths } from '../../../../paths.ts'
import { fieldErrorsOf } from '../../../../ui/field-errors.ts'
import { Form } from '../../../../ui/form.tsx'
import { FormFailure } from '../../../../ui/form-failure.tsx'
import { PageFrame } from '../../../../ui/page.tsx'
import { Section } from '../../../../ui/section.tsx'
import { Shown } from '../../../../ui/shown.tsx'
import { Component as NotFound } from '../../../not-found-page.tsx'
import { ChangeList } from './change-list.tsx'
import { DocumentField } from './document-field.tsx'
import { ReportList } from './report-list.tsx'

export function Component() {
  const templateId = TemplateId.safeParse(useParams().templateId)
  return templateId.success ? <Update templateId={templateId.data} /> : <NotFound />
}

function Update({ templateId }: { templateId: TemplateId }) {
  const found = useQuery(queryOf(templates.get, { templateId }))
  const name = found.data?.name ?? 'Template'
  return (
    <PageFrame
      title={`Update ${name}`}
      above={[
        ['Templates', paths.templates()],
        [name, paths.template(templateId)],
      ]}
    >
      <Shown query={found}>{(template) => <Compare template={template} />}</Shown>
    </PageFrame>
  )
}

/** First the newer document, then what it would change, with a choice of what to take over. */
function Compare({ template }: { template: Template }) {
  const form = useForm({
    initialValues: { content: '' },
    validate: { content: (text) => (text.trim() === '' ? 'Choose a file or paste a text.' : null) },
  })
  const compare = useAction(templateDocuments.compare, { refreshes: [] })
  const submit = form.onSubmit(({ content }) =>
    compare.mutate(
      { templateId: template.id, content },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Stack maw={960}>
      <Section title="The newer document" about="What it would change is shown first.">
        <Form errors={form.errors} attempt={compare} onSubmit={submit}>
          <Stack>
            <DocumentField
              value={form.values.content}
              address={template.updateUrl}
              error={form.errors.content}
              onChange={(content) => {
                compare.reset()
                form.setFieldValue('content', content)
              }}
            />
            <FormFailure error={compare.error} />
            <Group>
              <Button type="submit" loading={compare.isPending}>
                Compare
              </Button>
            </Group>
          </Stack>
        </Form>
      </Section>
      {compare.data === undefined ? null : (
        <>
          <ChangeList
            key={form.values.content}
            template={template}
            content={form.values.content}
            changes={compare.data.changes}
          />
          <Section title="Report">
            <ReportList report={compare.data.report} />
          </Section>
        </>
      )}
    </Stack>
  )
}
