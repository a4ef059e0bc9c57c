import type { templateDocuments } from '../../../contract/api/template-documents.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { readTemplateText } from './eggs/read-template.ts'

/**
 * Fetches a document, to be looked at before it is imported. What is no template is not handed on: the
 * panel is nobody's way to look at other pages.
 * @throws `invalid_input` with why there is none
 */
export async function fetchDocument(
  ctx: Ctx,
  { url }: Input<typeof templateDocuments.fetch>,
): Promise<Output<typeof templateDocuments.fetch>> {
  const fetched = await ctx.documents.fetch(url)
  if (!fetched.ok) throw invalidField('url', fetched.said)
  // A document without a name may be given one later.
  const { format, report } = readTemplateText(fetched.content, 'Unnamed')
  return { content: fetched.content, format, report: [...report] }
}
