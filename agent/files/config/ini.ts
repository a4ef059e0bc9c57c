import {
  type Decision,
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  type Plain,
  textOf,
  unchanged,
} from './edit.ts'
import { insertLines, joinLines, type Line, lineEnd, requireOneLine, splitLines } from './lines.ts'

interface Place {
  /** Empty: what stands before the first section. */
  readonly section: string
  readonly key: string
}

/** A line `key = value ; comment`, in its parts. */
interface Setting extends Place {
  readonly index: number
  readonly indent: string
  /** The sign between key and value, with the blanks around it. */
  readonly sign: string
  readonly value: string
  readonly comment: string
}

/**
 * Changes each setting with the key in its section, or adds it behind the section's last one, and the
 * section at the end when it is not there.
 */
export function editIni(text: string, edits: readonly Edit[]): Edited {
  const end = lineEnd(text)
  const lines = splitLines(text)
  let settings = settingsIn(lines)
  const refused = eachEdit(edits, (edit) => {
    const decide = decisionOf(edit)
    const place = placeOf(edit.match)
    const isThis = ({ section, key }: Place) => section === place.section && key === place.key
    if (settings.some(isThis)) {
      settings = settings.map((one) => (isThis(one) ? changed(lines, one, decide) : one))
      return
    }
    const value = decide(null)
    if (value === unchanged) return
    add(lines, settings, place, written(value), end)
    settings = settingsIn(lines)
  })
  return { text: joinLines(lines), refused }
}

/** `section.key` or `key`. Only the first dot separates, and none inside of brackets does. */
function placeOf(match: string): Place {
  let depth = 0
  for (let at = 0; at < match.length; at += 1) {
    const char = match.charAt(at)
    if (char === '[') depth += 1
    if (char === ']') depth -= 1
    if (char !== '.' || depth > 0) continue
    return { section: bare(match.slice(0, at)), key: bare(match.slice(at + 1)) }
  }
  return { section: '', key: bare(match) }
}

function bare(name: string): string {
  return name.replaceAll(/[[\]]/g, '')
}

function changed(lines: Line[], setting: Setting, decide: Decision): Setting {
  const { index, indent, key, sign, value, comment } = setting
  const wanted = decide(unquoted(value))
  if (wanted === unchanged) return setting
  const text = written(wanted)
  // What was written before may look like a value and a comment: it is not written behind itself.
  if (text === value || text === value + comment) return setting
  lines[index] = { text: indent + key + sign + text + comment, end: lines[index]?.end ?? '' }
  return { ...setting, value: text }
}

/** Blanks around a value are nobody's in this format. */
function written(value: Plain): string {
  return requireOneLine(textOf(value)).trim()
}

function unquoted(value: string): string {
  const quote = value.charAt(0)
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote)
  return isQuoted ? value.slice(1, -1) : value
}

function settingsIn(lines: readonly Line[]): Setting[] {
  let section = ''
  return lines.flatMap(({ text }, index) => {
    section = headerOf(text) ?? section
    const at = text.search(/[=:]/)
    const key = text.slice(0, at).trim()
    if (at < 0 || key === '' || ';#['.includes(key.charAt(0))) return []
    const keyAt = text.indexOf(key)
    const rest = text.slice(at + 1)
    const blanks = rest.length - rest.trimStart().length
    const sign = text.slice(keyAt + key.length, at + 1 + blanks)
    const parts = withoutComment(rest.slice(blanks))
    return [{ section, key, index, indent: text.slice(0, keyAt), sign, ...parts }]
  })
}

function headerOf(line: string): string | null {
  return /^\s*\[([^\]]*)\]\s*(?:[;#].*)?$/.exec(line)?.[1]?.trim() ?? null
}

/**
 * A comment behind a value has blanks around its sign: "Server #1" has none, and a password may hold either
 * sign. What stands in quotes is no comment.
 */
function withoutComment(rest: string): { value: string; comment: string } {
  const quoted = /^(?:"[^"]*"|'[^']*')/.exec(rest)?.[0].length ?? 0
  const sign = rest.slice(quoted).search(/\s[;#]\s/)
  const value = (sign < 0 ? rest : rest.slice(0, quoted + sign)).trimEnd()
  return { value, comment: rest.slice(value.length) }
}

function add(
  lines: Line[],
  settings: readonly Setting[],
  place: Place,
  value: string,
  end: string,
): void {
  const behind = settings.findLast(({ section }) => section === place.section)
  const sign = (behind ?? settings.at(-1))?.sign ?? '='
  const setting = place.key + sign + value
  const headers = lines.map(({ text }) => headerOf(text))
  const header = headers.indexOf(place.section)
  if (behind !== undefined || header >= 0) {
    insertLines(lines, (behind?.index ?? header) + 1, [setting], end)
  } else if (place.section === '') {
    const firstHeader = headers.findIndex((name) => name !== null)
    insertLines(lines, firstHeader < 0 ? lines.length : firstHeader, [setting], end)
  } else {
    const apart = lines.length === 0 || lines.at(-1)?.text.trim() === '' ? [] : ['']
    insertLines(lines, lines.length, [...apart, `[${place.section}]`, setting], end)
  }
}
