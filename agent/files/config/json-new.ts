import type { Node } from 'jsonc-parser'
import type { Plain } from './edit.ts'
import { lineEnd } from './lines.ts'
import { type Absent, nested, type Path } from './paths.ts'
import type { Splice } from './splices.ts'

/**
 * Where something that is not there yet is written: behind the last entry of the object or array that it
 * belongs to, on a line of its own where the others stand on theirs.
 */
export function placeNew(text: string, { path, missing }: Absent<Node>, value: Plain): Splice {
  const { parent, depth } = missing
  const rest = path.slice(depth)
  const end = parent.offset + parent.length
  const outer = indentAt(text, parent.offset)
  // A null gives way to what is made in its place.
  if (parent.type === 'null') {
    return { start: parent.offset, end, text: written(text, nested(rest, value), outer) }
  }
  const last = parent.children?.at(-1)
  if (last === undefined) {
    const inner = outer + indentUnit(text)
    const eol = lineEnd(text)
    const entry = eol + inner + entryOf(text, rest, value, inner) + eol + outer
    return { start: parent.offset + 1, end: end - 1, text: entry }
  }
  const at = last.offset + last.length
  const isSpread = text.slice(parent.offset, last.offset).includes('\n')
  if (!isSpread) return { start: at, end: at, text: `, ${entryOf(text, rest, value, null)}` }
  const inner = indentAt(text, last.offset)
  const entry = entryOf(text, rest, value, inner)
  return { start: at, end: at, text: `,${lineEnd(text)}${inner}${entry}` }
}

/** An entry of an object or array. @param indent of its line; null: all on one line */
function entryOf(text: string, [name, ...rest]: Path, value: Plain, indent: string | null) {
  const inner = nested(rest, value)
  const json = indent === null ? JSON.stringify(inner) : written(text, inner, indent)
  return typeof name === 'string' ? `${JSON.stringify(name)}: ${json}` : json
}

function written(text: string, value: unknown, indent: string): string {
  const json = JSON.stringify(value, null, indentUnit(text))
  return json.replaceAll('\n', lineEnd(text) + indent)
}

/** The blanks at the beginning of the line that an offset is in. */
function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? ''
}

/** The blanks that one level more is indented by. */
function indentUnit(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
}
