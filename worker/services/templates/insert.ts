import type { TemplateBody } from '../../../contract/api/template-fields.ts'
import type { TemplateId } from '../../../contract/ids.ts'
import { type Queries, refuseDuplicate } from '../../db/client.ts'
import { templateSources, templates } from '../../db/schema/servers.ts'
import { type Ctx, newId } from '../context.ts'
import type { Source } from './eggs/write-egg.ts'

export interface NewTemplate {
  readonly body: TemplateBody
  /** Null: it was made here. */
  readonly source: Source | null
}

/** Rows in one statement: a database takes no more values than some thousands at once. */
const atOnce = 50

/**
 * Writes templates with the documents that they were read from.
 * @returns their ids, in their order
 * @throws `name_taken`
 */
export async function insertTemplates(
  tx: Queries,
  ctx: Ctx,
  made: readonly NewTemplate[],
): Promise<TemplateId[]> {
  const now = ctx.clock.now()
  const withIds = made.map((one) => ({ id: newId<TemplateId>(ctx), ...one }))
  for (let at = 0; at < withIds.length; at += atOnce) {
    const some = withIds.slice(at, at + atOnce)
    const rows = some.map(({ id, body }) => ({ id, ...body, createdAt: now, updatedAt: now }))
    await refuseDuplicate(tx.insert(templates).values(rows), 'name_taken')
    const sources = some.flatMap(({ id, source }) =>
      source === null ? [] : [{ templateId: id, ...source, readAt: now }],
    )
    if (sources.length > 0) await tx.insert(templateSources).values(sources)
  }
  return withIds.map(({ id }) => id)
}
