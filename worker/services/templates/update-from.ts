import { eq } from 'drizzle-orm'
import type {
  Imported,
  TemplateChange,
  TemplateField,
  templateDocuments,
} from '../../../contract/api/template-documents.ts'
import type { TemplateBody } from '../../../contract/api/template-fields.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { templateSources, templates } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf } from '../given.ts'
import { checkTemplate } from './check.ts'
import { readTemplateText, translate } from './eggs/read-template.ts'
import { readTemplate } from './present.ts'
import { differingFields, readWithSource, type WithSource } from './source.ts'

/** Says what a newer document would change, and what of it was changed here meanwhile. */
export async function compareTemplate(
  ctx: Ctx,
  { templateId, content }: Input<typeof templateDocuments.compare>,
): Promise<Output<typeof templateDocuments.compare>> {
  const mine = await readWithSource(ctx.db, templateId)
  const { body, format, report } = readTemplateText(content)
  return { format, changes: changesTo(mine, body), report: [...report] }
}

/**
 * Takes fields of a newer document over, which is from then on the one that the template was read from.
 * What servers have set stays theirs, also where the document has no such variable any more.
 */
export async function updateTemplateFrom(
  ctx: Ctx,
  { templateId, content, fields }: Input<typeof templateDocuments.updateFrom>,
): Promise<Imported> {
  const { body, format, document, report } = readTemplateText(content)
  return inTransaction(ctx.db, async (tx) => {
    const mine = await readWithSource(tx, templateId)
    const after = withFields(mine.body, body, fields ?? untouched(changesTo(mine, body)))
    checkTemplate(after)
    const now = ctx.clock.now()
    const change = tx.update(templates).set({ ...after, updatedAt: now })
    await refuseDuplicate(change.where(eq(templates.id, templateId)), 'name_taken')
    const source = { format, document, readAt: now }
    await tx
      .insert(templateSources)
      .values({ templateId, ...source })
      .onConflictDoUpdate({ target: templateSources.templateId, set: source })
    const target = { type: 'template', id: templateId } as const
    const changes = changesOf(mine.body, after)
    await audit(tx, ctx, { action: 'template.update_from', target, ...changes })
    return { template: await readTemplate(tx, templateId), report: [...report] }
  })
}

function changesTo({ body, source }: WithSource, after: TemplateBody): TemplateChange[] {
  const was = source === null ? null : translate(source.format, source.document)
  const edited = was === null ? null : differingFields(was, body)
  return differingFields(body, after).map((field) => ({
    field,
    before: body[field],
    after: after[field],
    // Of one that was made here every field was.
    editedHere: edited === null || edited.includes(field),
  }))
}

function untouched(changes: readonly TemplateChange[]): TemplateField[] {
  return changes.filter(({ editedHere }) => !editedHere).map(({ field }) => field)
}

function withFields(
  before: TemplateBody,
  after: TemplateBody,
  fields: readonly TemplateField[],
): TemplateBody {
  const taken = fields.map((field) => [field, after[field]] as const)
  return { ...before, ...Object.fromEntries(taken) }
}
