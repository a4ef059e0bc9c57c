import { RE2JS } from 're2js'
import { closers } from './variables-parse.ts'

/** The longest pattern that is compiled, in characters. */
const longest = 2000

const flagOf: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
  // Unicode is what RE2 reads anyway; `D` says that `$` is the very end, as it is there.
  u: 0,
  D: 0,
}

export type Pattern =
  | { readonly ok: true; readonly finds: (value: string) => boolean }
  | { readonly ok: false; readonly why: string }

/**
 * Reads a pattern as PHP writes it, `/^a+$/i`. It is run by RE2, whose time grows with the value's
 * length alone, whatever the pattern; what RE2 cannot say (looking around, back-references) is refused.
 */
export function readPattern(written: string): Pattern {
  const { pattern, flags } = undelimited(written.trim())
  if (pattern.length > longest) return { ok: false, why: 'it is too long' }
  let bits = 0
  for (const flag of flags) {
    const bit = flagOf[flag]
    if (bit === undefined) return { ok: false, why: `its flag ${flag} is not known here` }
    bits |= bit
  }
  try {
    const compiled = RE2JS.compile(pattern, bits)
    return { ok: true, finds: (value) => compiled.matcher(value).find() }
  } catch {
    return { ok: false, why: 'it uses what RE2 does not have, such as looking ahead' }
  }
}

function undelimited(written: string): { readonly pattern: string; readonly flags: string } {
  const first = written.charAt(0)
  const last = closers[first] ?? first
  const end = written.lastIndexOf(last)
  const flags = written.slice(end + 1)
  if (/^[\w\s\\]?$/.test(first) || end < 1 || !/^[A-Za-z]*$/.test(flags)) {
    return { pattern: written, flags: '' }
  }
  const inner = written.slice(1, end)
  // An escaped delimiter is the character itself; RE2 does not know every such escape.
  return { pattern: /\w/.test(last) ? inner : inner.replaceAll(`\\${last}`, escaped(last)), flags }
}

/** A delimiter that means something in a pattern keeps its backslash. */
function escaped(char: string): string {
  return '|()[]{}^$*+?.'.includes(char) ? `\\${char}` : char
}
