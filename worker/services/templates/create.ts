import type { templates as endpoints, Template } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { TemplateId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { templates } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { checkTemplate } from './check.ts'
import { readTemplate } from './present.ts'

export async function createTemplate(
  ctx: Ctx,
  fields: Input<typeof endpoints.create>,
): Promise<Template> {
  checkTemplate(fields)
  const id = newId<TemplateId>(ctx)
  const now = ctx.clock.now()
  return inTransaction(ctx.db, async (tx) => {
    const row = { id, ...fields, createdAt: now, updatedAt: now }
    await refuseDuplicate(tx.insert(templates).values(row), 'name_taken')
    const target = { type: 'template', id } as const
    await audit(tx, ctx, { action: 'template.create', target, after: fields })
    return readTemplate(tx, id)
  })
}
