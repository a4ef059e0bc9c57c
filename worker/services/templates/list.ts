import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { templates as endpoints, Template } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { templates } from '../../db/schema/servers.ts'
import type { Ctx } from '../context.ts'
import { readTemplate, readTemplates } from './present.ts'

export async function listTemplates(
  { db }: Ctx,
  { search, category }: Input<typeof endpoints.list>,
): Promise<Template[]> {
  const where = and(
    category === undefined ? undefined : eq(templates.category, category),
    search === undefined || search === '' ? undefined : contains(search),
  )
  return readTemplates(db, where)
}

export async function getTemplate(
  { db }: Ctx,
  { templateId }: Input<typeof endpoints.get>,
): Promise<Template> {
  return readTemplate(db, templateId)
}

/** Plain text, not a pattern: `%` is searched for like any other character. */
function contains(text: string): SQL {
  const { name, description, author } = templates
  return sql`instr(lower(${name} || char(10) || ${description} || char(10) || ${author}), lower(${text})) > 0`
}
