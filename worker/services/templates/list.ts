import { and, eq } from 'drizzle-orm'
import type { templates as endpoints, Template } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { containsText } from '../../db/contains.ts'
import { templates } from '../../db/schema/servers.ts'
import type { Ctx } from '../context.ts'
import { readTemplate, readTemplates } from './present.ts'

export async function listTemplates(
  { db }: Ctx,
  { search, category }: Input<typeof endpoints.list>,
): Promise<Template[]> {
  const where = and(
    category === undefined ? undefined : eq(templates.category, category),
    containsText([templates.name, templates.description, templates.author], search),
  )
  return readTemplates(db, where)
}

export async function getTemplate(
  { db }: Ctx,
  { templateId }: Input<typeof endpoints.get>,
): Promise<Template> {
  return readTemplate(db, templateId)
}
