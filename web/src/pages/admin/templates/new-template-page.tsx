import { useState } from 'react'
import { useNavigate } from 'react-router'
import { templates } from '../../../../../contract/api/templates.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { TemplateForm } from './template-form.tsx'
import { emptyTemplate } from './template-form-values.ts'

export function Component() {
  const navigate = useNavigate()
  const [initial] = useState(emptyTemplate)
  const create = useAction(templates.create, {
    refreshes: [templates.list],
    onDone: ({ id }) => navigate(paths.template(id)),
  })
  return (
    <PageFrame title="Add a template" above={[['Templates', paths.templates()]]}>
      <TemplateForm
        initial={initial}
        action="Add the template"
        attempt={create}
        onSubmit={(body, onError) => create.mutate(body, { onError })}
      />
    </PageFrame>
  )
}
