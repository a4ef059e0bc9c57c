import type { TemplateConfigFile } from '../../../../contract/api/template-fields.ts'
import type { ConfigParser } from '../../../../contract/protocol/config-files.ts'
import type { Findings } from './findings.ts'
import { exactJson, type Fields, fieldsOf, isFields, isPlain, own, textIn } from './values.ts'

type Edit = TemplateConfigFile['find'][number]

const parsers: Readonly<Record<string, ConfigParser>> = {
  file: 'file',
  properties: 'properties',
  ini: 'ini',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  xml: 'xml',
}

/** One part of an egg's `config`: an object in newer eggs, the same as a JSON text in older ones. */
export function configPart(config: Fields, name: string, findings: Findings): Fields {
  const value = own(config, name)
  if (typeof value !== 'string') return fieldsOf(value)
  if (value.trim() === '') return {}
  try {
    const read = exactJson(value)
    if (isPlain(read)) return fieldsOf(read)
  } catch {
    // Told below: a text that is no JSON says nothing.
  }
  findings.error(`config.${name}`, 'This is not usable JSON, and is left out.')
  return {}
}

/** Reads an egg's `config.files`. A file or line that cannot be meant is left out and told. */
export function readConfigFiles(files: Fields, findings: Findings): TemplateConfigFile[] {
  const read = Object.entries(files).flatMap(([path, file]): TemplateConfigFile[] => {
    const field = `config.files.${path}`
    const name = textIn(fieldsOf(file), 'parser') ?? ''
    const parser = Object.hasOwn(parsers, name.toLowerCase()) ? parsers[name.toLowerCase()] : null
    if (parser === null || parser === undefined) {
      findings.error(field, `The parser "${name.slice(0, 50)}" is not known: the file is left out.`)
      return []
    }
    if (path.trim() === '' || path.length > 1024) {
      findings.error(field, 'A path has 1 to 1024 characters: the file is left out.')
      return []
    }
    const names = path.split('/').filter((part) => part !== '' && part !== '.')
    if (names.length === 0 || names.includes('..')) {
      findings.error(field, "This is no file in the server's folder: it is left out.")
      return []
    }
    const edits = Object.entries(fieldsOf(own(fieldsOf(file), 'find'))).flatMap(([match, value]) =>
      editsOf(`${field}.find.${match}`, match, value, findings),
    )
    return [{ path, parser, find: findings.capped(field, edits, 512) }]
  })
  return findings.capped('config.files', read, 64)
}

/** One line of `find`. An object says what stands there now and what is to stand there then. */
function editsOf(field: string, match: string, value: unknown, findings: Findings): Edit[] {
  if (match === '' || match.length > 1024) {
    findings.error(field, 'What is looked for has 1 to 1024 characters: it is left out.')
    return []
  }
  if (!isFields(value)) {
    const written = writtenValue(field, value, findings)
    return written === undefined ? [] : [{ match, ifValue: null, value: written }]
  }
  return Object.entries(value).flatMap(([ifValue, replacement]): Edit[] => {
    const written = writtenValue(`${field}.${ifValue}`, replacement, findings)
    if (written === undefined) return []
    if (ifValue.length <= 1024) return [{ match, ifValue, value: written }]
    findings.error(field, 'A condition has at most 1024 characters: it is left out.')
    return []
  })
}

function writtenValue(
  field: string,
  value: unknown,
  findings: Findings,
): Edit['value'] | undefined {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && value.length <= 8192) return value
  findings.error(
    field,
    'Only a text, a number, true, false or null can be written: it is left out.',
  )
  return undefined
}

/** The same as an egg has it. Edits of one match with conditions become one object. */
export function writeConfigFiles(files: readonly TemplateConfigFile[]): Fields {
  return Object.fromEntries(
    files.map(({ path, parser, find }) => {
      const lines = new Map<string, unknown>()
      for (const { match, ifValue, value } of find) {
        const before = lines.get(match)
        lines.set(match, ifValue === null ? value : { ...fieldsOf(before), [ifValue]: value })
      }
      return [path, { parser, find: Object.fromEntries(lines) }]
    }),
  )
}
