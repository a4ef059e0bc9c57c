/** One rule of a variable, in Laravel's notation as public eggs have it: `between:1,10`. */
export interface Rule {
  /** Lower case, and the long name where there is a short one: `integer` for `int`. */
  readonly name: string
  /** What stands behind the colon, as it is. */
  readonly text: string
  /** The same as a list, with the quotes of its parts taken off. */
  readonly list: readonly string[]
}

const longNames: Readonly<Record<string, string>> = { int: 'integer', bool: 'boolean' }

/** Reads one rule. */
export function readRule(written: string): Rule {
  const colon = written.indexOf(':')
  const name = (colon < 0 ? written : written.slice(0, colon)).trim().toLowerCase()
  const text = colon < 0 ? '' : written.slice(colon + 1)
  return { name: longNames[name] ?? name, text, list: colon < 0 ? [] : readList(text) }
}

/**
 * Splits rules that stand in one text with `|` between them. A pattern may hold `|` itself: it ends
 * where its delimiter closes, or with the text where it has none. Empty parts are left out.
 */
export function splitRules(text: string): string[] {
  const rules: string[] = []
  let rest = text
  while (rest !== '') {
    const end = endOfRule(rest)
    const rule = rest.slice(0, end).trim()
    if (rule !== '') rules.push(rule)
    rest = rest.slice(end + 1)
  }
  return rules
}

function endOfRule(text: string): number {
  const [start] = /^\s*(?:not_)?regex:\s*/i.exec(text) ?? []
  if (start === undefined) return indexOr(text.indexOf('|'), text.length)
  const closing = closers[text.charAt(start.length)] ?? text.charAt(start.length)
  if (/[\w\s\\]/.test(closing) || closing === '') return text.length
  for (let at = start.length + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1
    else if (text.charAt(at) === closing) {
      const [flags] = /^[A-Za-z]*\s*(?=\||$)/.exec(text.slice(at + 1)) ?? []
      if (flags !== undefined) return at + 1 + flags.length
    }
  }
  return text.length
}

/** Brackets as delimiters of a pattern close with their other half. */
export const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** Comma-separated, where `"a,b"` is one part and `""` in it a quotation mark. */
function readList(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quoted && char === '"' && text.charAt(at + 1) === '"') {
      part += char
      at += 1
    } else if (char === '"' && (quoted || part === '')) quoted = !quoted
    else if (char === ',' && !quoted) {
      parts.push(part)
      part = ''
    } else part += char
  }
  return [...parts, part]
}

function indexOr(index: number, otherwise: number): number {
  return index < 0 ? otherwise : index
}
