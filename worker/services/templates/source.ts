import { eq } from 'drizzle-orm'
import { TemplateField } from '../../../contract/api/template-documents.ts'
import { TemplateBody } from '../../../contract/api/template-fields.ts'
import type { TemplateId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { templateSources } from '../../db/schema/servers.ts'
import { canonical } from './eggs/values.ts'
import type { Source } from './eggs/write-egg.ts'
import { readTemplate } from './present.ts'

export interface WithSource {
  readonly body: TemplateBody
  readonly source: Source | null
}

/**
 * Reads a template and the document that it was read from.
 * @throws `not_found`
 */
export async function readWithSource(db: Queries, id: TemplateId): Promise<WithSource> {
  const body = TemplateBody.parse(await readTemplate(db, id))
  const [row] = await db.select().from(templateSources).where(eq(templateSources.templateId, id))
  return { body, source: row === undefined ? null : { format: row.format, document: row.document } }
}

/** The fields in which two templates say different things. */
export function differingFields(one: TemplateBody, other: TemplateBody): TemplateField[] {
  return TemplateField.options.filter((name) => canonical(one[name]) !== canonical(other[name]))
}
