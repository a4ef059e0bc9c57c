import type { Imported, templateDocuments } from '../../../contract/api/template-documents.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { checkTemplate } from './check.ts'
import { readTemplateText } from './eggs/read-template.ts'
import { insertTemplates } from './insert.ts'
import { readTemplate } from './present.ts'

/** Adds a template from a document. What of it cannot be understood is told, and kept with it. */
export async function importTemplate(
  ctx: Ctx,
  { content, name, category }: Input<typeof templateDocuments.import>,
): Promise<Imported> {
  const { format, document, report, ...read } = readTemplateText(content, name)
  const body = category === undefined ? read.body : { ...read.body, category }
  checkTemplate(body)
  return inTransaction(ctx.db, async (tx) => {
    const [id] = await insertTemplates(tx, ctx, [{ body, source: { format, document } }])
    if (id === undefined) throw new Error('an insert gave no id')
    const target = { type: 'template', id } as const
    await audit(tx, ctx, { action: 'template.import', target, after: { ...body, format } })
    return { template: await readTemplate(tx, id), report: [...report] }
  })
}
