import {
  type ImportFinding,
  TemplateBody,
  type TemplateFormat,
} from '../../../../contract/api/template-fields.ts'
import { invalidField } from '../../invalid.ts'
import { Findings } from './findings.ts'
import { fromCatalyst } from './from-catalyst.ts'
import { fromEgg } from './from-egg.ts'
import { detectFormat, readDocument } from './read-document.ts'
import { type Fields, fieldsOf, own } from './values.ts'

/** A document as a template. */
export interface ReadTemplate {
  readonly body: TemplateBody
  readonly format: TemplateFormat
  readonly document: Fields
  readonly report: readonly ImportFinding[]
}

/**
 * Reads a template out of a text in any format that is known.
 * @param name stands above the document's own
 * @throws `invalid_input` only for what cannot be a template at all
 */
export function readTemplateText(content: string, name?: string): ReadTemplate {
  const document = readDocument(content)
  const { format, guessed } = detectFormat(document)
  const findings = new Findings()
  if (guessed !== null) {
    findings.warning('meta.version', `The version "${guessed}" is not known: read as ${format}.`)
  }
  const body = translate(format, document, findings, name)
  return { body, format, document, report: findings.all }
}

/** A document that was read before, as the template that it says. */
export function translate(
  format: TemplateFormat,
  document: Fields,
  findings = new Findings(),
  name?: string,
): TemplateBody {
  const read =
    format === 'catalyst' ? fromCatalyst(document, findings) : fromEgg(document, findings)
  // What an egg has no words for, when it was written here.
  const more = format === 'catalyst' ? {} : ownFields(document)
  const parsed = TemplateBody.safeParse({ ...read, ...more, ...(name ? { name } : {}) })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidField('content', `${issue?.path.map(String).join('.')}: ${issue?.message}`)
}

/** Under this name an egg that was written here has what eggs have no words for. */
export const ownPart = 'catalyst'

function ownFields(egg: Fields): Fields {
  const written = fieldsOf(own(egg, ownPart))
  const usable = Object.entries(TemplateBody.shape).flatMap(([field, schema]) => {
    const value = own(written, field)
    return value !== undefined && schema.safeParse(value).success ? [[field, value] as const] : []
  })
  return Object.fromEntries(usable)
}
