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
    let isThere = false
    for (const [index, setting] of settings.entries()) {
      if (setting.key !== edit.match) continue
      isThere = true
      settings[index] = changed(lines, setting, decide)
    }
    if (isThere) return
    const value = decide(added.get(edit.match) ?? null)
    if (value !== unchanged) added.set(edit.match, textOf(value))
  })
  const kept = lines.filter(({ text: line, end: last }) => line !== '' || last !== '')
  const more = Array.from(added, ([key, value]) => `${escaped(key, true)}=${escaped(value)}`)
  // A last line that goes on would swallow the first new one.
  const apart = more.length > 0 && endsOpen(kept.at(-1)?.text ?? '') ? [''] : []
  insertLines(kept, kept.length, [...apart, ...more], end)
  return { text: joinLines(kept), refused }
}

/** The setting as it is now, with its lines written anew where its value is another one. */
function changed(lines: Line[], setting: Setting, decide: Decision): Setting {
  const value = decide(setting.value)
  if (value === unchanged || textOf(value) === setting.value) return setting
  const { firstLine, lastLine, before } = setting
  // A key that stands alone has nothing between it and its value.
  const separated = /[=:\s]$/.test(before) ? before : `${before}=`
  const end = lines[lastLine]?.end ?? ''
  for (let index = firstLine; index <= lastLine; index += 1) lines[index] = { text: '', end: '' }
  lines[firstLine] = { text: separated + escaped(textOf(value)), end }
  return { ...setting, value: textOf(value), before: separated, lastLine: firstLine }
}

function settingsIn(lines: readonly Line[]): Setting[] {
  const settings: Setting[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const firstLine = index
    const first = lines[index]?.text ?? ''
    if (/^\s*([#!]|$)/.test(first)) continue
    const parts = [first]
    for (let last = first; endsOpen(last) && index + 1 < lines.length; ) {
      index += 1
      last = lines[index]?.text ?? ''
      parts.push(last.trimStart())
    }
    const logical = parts
      .map((part, at) => (at < parts.length - 1 ? part.slice(0, -1) : part))
      .join('')
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
