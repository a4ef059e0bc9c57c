import { parse } from 'yaml'
import type { Plain } from './edit.ts'

/**
 * A value as YAML writes it on one line, in the quotes that stood there before where it is a text.
 * @param style the library's name of how the value before was written
 */
export function scalarText(value: Plain, style?: string): string {
  if (typeof value !== 'string') return String(value)
  if (style === 'QUOTE_DOUBLE' || /[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/.test(value)) {
    return doubleQuoted(value)
  }
  if (style !== 'QUOTE_SINGLE' && isPlain(value)) return value
  return `'${value.replaceAll("'", "''")}'`
}

/** JSON's strings are YAML's, but for what YAML does not print or takes for the end of a line. */
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Whether a text needs no quotes, wherever it stands and in either version of YAML: games read the older
 * one, in which `no` and `12:30` are no texts.
 */
function isPlain(value: string): boolean {
  if (!/^[\w./+](?:[^,[\]{}#]*[^\s,[\]{}#:])?$/.test(value) || value.includes(': ')) return false
  return parse(value, { version: '1.1' }) === value && parse(value, { version: '1.2' }) === value
}
