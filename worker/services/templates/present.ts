import { asc, count, eq, type SQL } from 'drizzle-orm'
import type { TemplateFormat } from '../../../contract/api/template-fields.ts'
import type { Template } from '../../../contract/api/templates.ts'
import { AppError } from '../../../contract/errors.ts'
import type { TemplateId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { servers, type TemplateRow, templateSources, templates } from '../../db/schema/servers.ts'
import { iso } from '../iso.ts'

export async function readTemplates(db: Queries, where?: SQL): Promise<Template[]> {
  const rows = await select(db).where(where).orderBy(asc(templates.name))
  return rows.map(toTemplate)
}

/** @throws `not_found` */
export async function readTemplate(db: Queries, id: TemplateId): Promise<Template> {
  const [row] = await select(db).where(eq(templates.id, id))
  if (row === undefined) throw new AppError('not_found')
  return toTemplate(row)
}

function select(db: Queries) {
  return db
    .select({
      template: templates,
      sourceFormat: templateSources.format,
      serverCount: count(servers.id),
    })
    .from(templates)
    .leftJoin(templateSources, eq(templateSources.templateId, templates.id))
    .leftJoin(servers, eq(servers.templateId, templates.id))
    .groupBy(templates.id)
    .$dynamic()
}

function toTemplate(row: {
  readonly template: TemplateRow
  readonly sourceFormat: TemplateFormat | null
  readonly serverCount: number
}): Template {
  const { createdAt, updatedAt, ...fields } = row.template
  return {
    ...fields,
    sourceFormat: row.sourceFormat,
    serverCount: row.serverCount,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  }
}
