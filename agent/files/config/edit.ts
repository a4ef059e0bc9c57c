import type { RE2JS } from 're2js'
import { PatternError, readPattern } from '../../pattern.ts'

/** A single value of a configuration file. */
export type Plain = string | number | boolean | null

/** One change, with everything known that it needs. */
export interface Edit {
  readonly match: string
  readonly ifValue: string | null
  readonly value: Plain
}

/** A change that was not made, and why; the others of its file were made. */
export interface Refusal {
  readonly match: string
  readonly reason: string
}

export interface Edited {
  readonly text: string
  readonly refused: readonly Refusal[]
}

/** A text that is not what the parser reads: nothing in it was changed. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile'
}

/** A change that this file does not admit. */
export class RefusedEdit extends Error {
  override name = 'RefusedEdit'
}

export const unchanged = Symbol('unchanged')

/** What a place should hold that holds `current` now; null: nothing is there. */
export type Decision = (current: string | null) => Plain | typeof unchanged

/**
 * Reads an edit's condition. With one, an edit never makes what is not there.
 * @throws {RefusedEdit} when its pattern cannot be used
 */
export function decisionOf({ ifValue, value }: Edit): Decision {
  if (ifValue === null) return () => value
  if (!ifValue.startsWith('regex:')) return (current) => (current === ifValue ? value : unchanged)
  const pattern = patternIn(ifValue.slice('regex:'.length))
  return (current) => {
    if (current === null) return unchanged
    const replaced = replaceMatches(pattern, current, textOf(value))
    return replaced === current ? unchanged : replaced
  }
}

/** A value as files without types write it. */
export function textOf(value: Plain): string {
  return value === null ? '' : String(value)
}

/** Runs one edit after the other; one that is refused does not stop the others. */
export function eachEdit(edits: readonly Edit[], make: (edit: Edit) => void): Refusal[] {
  const refused: Refusal[] = []
  for (const edit of edits) {
    try {
      make(edit)
    } catch (error) {
      if (!(error instanceof RefusedEdit)) throw error
      refused.push({ match: edit.match, reason: error.message })
    }
  }
  return refused
}

/** RE2 takes time in proportion to the text, whatever the pattern; its templates are Go's. */
function replaceMatches(pattern: RE2JS, text: string, template: string): string {
  const matcher = pattern.matcher(text)
  let result = ''
  let from = 0
  while (matcher.find()) {
    result += text.slice(from, matcher.start()) + filled(template, (name) => groupOf(matcher, name))
    from = matcher.end()
  }
  return result + text.slice(from)
}

function patternIn(source: string): RE2JS {
  try {
    return readPattern(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new RefusedEdit(`its pattern cannot be used: ${error.message}`, { cause: error })
  }
}

type Matcher = ReturnType<RE2JS['matcher']>

function groupOf(matcher: Matcher, name: string): string {
  const number = /^\d+$/.test(name) ? Number(name) : matcher.namedGroups[name]
  if (number === undefined || number > matcher.groupCount()) return ''
  return matcher.group(number) ?? ''
}

/** `$name` takes as long a name as it can, `${name}` says where it ends, and `$$` is a dollar. */
function filled(template: string, group: (name: string) => string): string {
  return template.replaceAll(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (_whole, bare: string | undefined, braced: string | undefined) => {
      const name = bare ?? braced
      return name === undefined ? '$' : group(name)
    },
  )
}
