import { type Document, isScalar, parseDocument, type Scalar, visit } from 'yaml'
import type { TemplateFormat } from '../../../../contract/api/template-fields.ts'
import { AppError } from '../../../../contract/errors.ts'
import { invalidField } from '../../invalid.ts'
import {
  exactJson,
  type Fields,
  fieldsOf,
  isFields,
  isPlain,
  isRounded,
  own,
  textIn,
} from './values.ts'

/**
 * Reads a document in JSON or YAML.
 * @throws `invalid_input` when it is neither, or no object
 */
export function readDocument(content: string): Fields {
  const text = content.replace(/^\uFEFF/, '')
  const value = jsonOf(text) ?? yamlOf(text)
  if (!isFields(value)) throw invalidField('content', 'This is no object in JSON or YAML.')
  if (!isPlain(value)) {
    throw invalidField('content', 'It holds a NUL or lies too deep in itself.')
  }
  return value
}

function jsonOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return exactJson(text)
  } catch {
    return undefined // YAML begins like this too
  }
}

function yamlOf(text: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: false, stringKeys: true, schema: 'core' })
    if (document.errors.length > 0) throw new Error(document.errors[0]?.message)
    keepDigits(document)
    // Aliases may name each other in a way that makes a few lines a gigabyte.
    const value: unknown = document.toJS({ maxAliasCount: 50 })
    // What has no place in JSON, such as a reference to itself, ends here.
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw invalidField('content', `This is neither JSON nor YAML: ${why.slice(0, 200)}`)
  }
}

/**
 * Lets numbers be texts where a number would lose what stands there: an account's number of 17 digits,
 * and the zeros of a default such as `1.20`, which Pelican writes without the quotes that it had.
 */
function keepDigits(document: Document): void {
  const keep = (scalar: Scalar) => {
    if (typeof scalar.value === 'number') scalar.value = scalar.source ?? scalar.value
  }
  visit(document, {
    Pair(_key, { key, value }) {
      if (isScalar(key) && key.value === 'default_value' && isScalar(value)) keep(value)
    },
    Scalar(_key, scalar) {
      if (isRounded(scalar.value)) keep(scalar)
    },
  })
}

const formats: Readonly<Record<string, TemplateFormat>> = {
  PTDL_V1: 'ptdl_v1',
  PTDL_V2: 'ptdl_v2',
  PLCN_V1: 'plcn_v1',
  PLCN_V2: 'plcn_v2',
  PLCN_V3: 'plcn_v3',
}

export interface Detected {
  readonly format: TemplateFormat
  /** The format is not known by this name, and is read as the one that is most like it. */
  readonly guessed: string | null
}

/**
 * Says what a document is written in: eggs name their version; the original's templates have none.
 * @throws `invalid_input` for what is neither
 */
export function detectFormat(document: Fields): Detected {
  const version = textIn(fieldsOf(own(document, 'meta')), 'version')
  const format = version === null ? undefined : formats[version.toUpperCase()]
  if (format !== undefined) return { format, guessed: null }
  if (version?.toUpperCase().startsWith('PLCN_')) return { format: 'plcn_v3', guessed: version }
  if (version?.toUpperCase().startsWith('PTDL_')) return { format: 'ptdl_v2', guessed: version }
  if (isFields(own(document, 'docker_images')) || isFields(own(document, 'scripts'))) {
    return { format: 'ptdl_v2', guessed: version ?? 'none' }
  }
  if (typeof own(document, 'startup') === 'string') return { format: 'catalyst', guessed: null }
  throw new AppError('invalid_input', [
    { path: ['content'], message: 'This is neither an egg nor a template of Catalyst.' },
  ])
}
