import { eq } from 'drizzle-orm'
import type { templates as endpoints } from '../../../contract/api/templates.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { templates } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readTemplate } from './present.ts'

export async function deleteTemplate(
  ctx: Ctx,
  { templateId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const { name, serverCount } = await readTemplate(tx, templateId)
    if (serverCount > 0) throw new AppError('in_use', { servers: serverCount })
    await tx.delete(templates).where(eq(templates.id, templateId))
    const target = { type: 'template', id: templateId } as const
    await audit(tx, ctx, { action: 'template.delete', target, before: { name } })
  })
  return {}
}
