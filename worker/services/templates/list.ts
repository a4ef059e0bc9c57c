import type { Template, templates } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { readTemplate, readTemplates } from './present.ts'

export async function listTemplates({ db }: Ctx): Promise<Template[]> {
  return readTemplates(db)
}

export async function getTemplate(
  { db }: Ctx,
  { templateId }: Input<typeof templates.get>,
): Promise<Template> {
  return readTemplate(db, templateId)
}
