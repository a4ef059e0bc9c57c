import type { templateDocuments } from '../../../contract/api/template-documents.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { writeCatalyst } from './eggs/write-catalyst.ts'
import { writeEgg } from './eggs/write-egg.ts'
import { readWithSource } from './source.ts'

/** Writes a template as a document, with all that the one it was read from says besides. */
export async function exportTemplate(
  ctx: Ctx,
  { templateId, format }: Input<typeof templateDocuments.export>,
): Promise<Output<typeof templateDocuments.export>> {
  const { body, source } = await readWithSource(ctx.db, templateId)
  const isEgg = format === 'ptdl_v2'
  const document = isEgg
    ? writeEgg(body, source, iso(ctx.clock.now()))
    : writeCatalyst(body, source)
  const name = body.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return {
    fileName: `${isEgg ? 'egg' : 'template'}-${name || 'unnamed'}.json`,
    content: `${JSON.stringify(document, null, 4)}\n`,
  }
}
