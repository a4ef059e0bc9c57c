import { eq } from 'drizzle-orm'
import { TemplateBody } from '../../../contract/api/template-fields.ts'
import type { templates as endpoints, Template } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { templates } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { checkTemplate } from './check.ts'
import { readTemplate } from './present.ts'

/** Servers take the change with their next desired state: at a start, a reinstallation, an edit. */
export async function updateTemplate(
  ctx: Ctx,
  { templateId, ...given }: Input<typeof endpoints.update>,
): Promise<Template> {
  return inTransaction(ctx.db, async (tx) => {
    const before = TemplateBody.parse(await readTemplate(tx, templateId))
    const after = withGiven(before, given)
    checkTemplate(after)
    const change = tx
      .update(templates)
      .set({ ...after, updatedAt: ctx.clock.now() })
      .where(eq(templates.id, templateId))
    await refuseDuplicate(change, 'name_taken')
    const target = { type: 'template', id: templateId } as const
    await audit(tx, ctx, { action: 'template.update', target, ...changesOf(before, after) })
    return readTemplate(tx, templateId)
  })
}
