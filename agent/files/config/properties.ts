import {
  type Decision,
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  textOf,
  unchanged,
} from './edit.ts'
import { insertLines, joinLines, type Line, lineEnd, splitLines } from './lines.ts'

/** A setting of Java's .properties format, which may go on over several lines. */
interface Setting {
  readonly key: string
  readonly value: string
  /** The text of the first line up to the value. */
  readonly before: string
  readonly firstLine: number
  readonly lastLine: number
}

/** Changes each setting with the key, or adds one at the end; comments and other lines stay as they are. */
export function editProperties(text: string, edits: readonly Edit[]): Edited {
  const end = lineEnd(text)
  const lines = splitLines(text)
  const settings = settingsIn(lines)
  const added = new Map<string, string>()
  const refused = eachEdit(edits, (edit) => {
    const decide = decisionOf(edit)
    const found = settings.filter(({ key }) => key === edit.match)
    for (const setting of found) setValue(lines, settings, setting, decide)
    if (found.length > 0) return
    const value = decide(added.get(edit.match) ?? null)
    if (value !== unchanged) added.set(edit.match, textOf(value))
  })
  const kept = lines.filter(({ text: line, end: last }) => line !== '' || last !== '')
  const more = Array.from(added, ([key, value]) => `${escaped(key, true)}=${escaped(value)}`)
  insertLines(kept, kept.length, more, end)
  return { text: joinLines(kept), refused }
}

function setValue(lines: Line[], settings: Setting[], setting: Setting, decide: Decision): void {
  const value = decide(setting.value)
  if (value === unchanged || textOf(value) === setting.value) return
  const { firstLine, lastLine, before } = setting
  // A key that stands alone has nothing between it and its value.
  const separated = /[=:\s]$/.test(before) ? before : `${before}=`
  const end = lines[lastLine]?.end ?? ''
  for (let index = firstLine; index <= lastLine; index += 1) lines[index] = { text: '', end: '' }
  lines[firstLine] = { text: separated + escaped(textOf(value)), end }
  settings[settings.indexOf(setting)] = { ...setting, value: textOf(value), lastLine: firstLine }
}

function settingsIn(lines: readonly Line[]): Setting[] {
  const settings: Setting[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const firstLine = index
    const first = lines[index]?.text ?? ''
    if (/^\s*([#!]|$)/.test(first)) continue
    let logical = first
    while (endsOpen(logical) && index + 1 < lines.length) {
      index += 1
      logical = logical.slice(0, -1) + (lines[index]?.text ?? '').trimStart()
    }
    const [before = '', key = ''] = /^\s*((?:\\.|[^\\=:\s])*)\s*[=:]?\s*/.exec(logical) ?? []
    const value = unescaped(logical.slice(before.length))
    settings.push({ key: unescaped(key), value, before, firstLine, lastLine: index })
  }
  return settings
}

/** Whether a line goes on in the next: it ends with a backslash that is not itself escaped. */
function endsOpen(line: string): boolean {
  let backslashes = 0
  while (line.charAt(line.length - 1 - backslashes) === '\\') backslashes += 1
  return backslashes % 2 === 1
}

const byLetter: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|(.)|$)/g,
    (_whole, code: string | undefined, char: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      return char === undefined ? '' : (byLetter[char] ?? char)
    },
  )
}

const letters: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
}

/** As ASCII, because Java reads the format as Latin-1 or UTF-8, depending on the program's age. */
function escaped(text: string, isKey = false): string {
  const plain = text.replaceAll(/[\\\t\n\r\f]|[^\x20-\x7e]/g, (char) => {
    return letters[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return isKey ? plain.replaceAll(/[ =:#!]/g, '\\$&') : plain.replace(/^ /, '\\ ')
}
