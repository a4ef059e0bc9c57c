import type { templates as endpoints, Template } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { checkTemplate } from './check.ts'
import { insertTemplates } from './insert.ts'
import { readTemplate } from './present.ts'

export async function createTemplate(
  ctx: Ctx,
  fields: Input<typeof endpoints.create>,
): Promise<Template> {
  checkTemplate(fields)
  return inTransaction(ctx.db, async (tx) => {
    const [id] = await insertTemplates(tx, ctx, [{ body: fields, source: null }])
    if (id === undefined) throw new Error('an insert gave no id')
    const target = { type: 'template', id } as const
    await audit(tx, ctx, { action: 'template.create', target, after: fields })
    return readTemplate(tx, id)
  })
}
