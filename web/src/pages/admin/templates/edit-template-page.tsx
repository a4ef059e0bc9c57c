import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from 'react-router'
import { type Template, templates } from '../../../../../contract/api/templates.ts'
import { TemplateId } from '../../../../../contract/ids.ts'
import { queryOf, useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { Component as NotFound } from '../../not-found-page.tsx'
import { TemplateForm } from './template-form.tsx'
import { valuesOf } from './template-form-values.ts'

export function Component() {
  const templateId = TemplateId.safeParse(useParams().templateId)
  return templateId.success ? <Edit templateId={templateId.data} /> : <NotFound />
}

function Edit({ templateId }: { templateId: TemplateId }) {
  const found = useQuery(queryOf(templates.get, { templateId }))
  const name = found.data?.name ?? 'Template'
  return (
    <PageFrame
      title={`Edit ${name}`}
      above={[
        ['Templates', paths.templates()],
        [name, paths.template(templateId)],
      ]}
    >
      <Shown query={found}>{(template) => <EditForm template={template} />}</Shown>
    </PageFrame>
  )
}

function EditForm({ template }: { template: Template }) {
  const navigate = useNavigate()
  const update = useAction(templates.update, {
    refreshes: [templates.list, templates.get],
    onDone: () => navigate(paths.template(template.id)),
  })
  return (
    <TemplateForm
      initial={valuesOf(template)}
      action="Save the template"
      attempt={update}
      onSubmit={(body, onError) => update.mutate({ templateId: template.id, ...body }, { onError })}
    />
  )
}
