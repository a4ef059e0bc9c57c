import { RE2JS } from 're2js'

/** A pattern that cannot be used; the message says why, without naming it. */
export class PatternError extends Error {
  override name = 'PatternError'
}

/** Characters of a pattern, and instructions that it may become. */
const longest = { source: 512, program: 1000 } as const

/**
 * Reads a pattern in RE2's syntax. Looking for it takes time in proportion to text and program, whatever
 * the pattern: it may come from anybody. A line of the longest kind takes some 40 ms at worst.
 * @throws {PatternError}
 */
export function readPattern(source: string): RE2JS {
  if (source.length > longest.source) {
    throw new PatternError(`it is longer than ${longest.source} characters`)
  }
  const pattern = compiled(source)
  if (pattern.programSize() > longest.program) throw new PatternError('it repeats too much')
  return pattern
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PatternError(reason, { cause: error })
  }
}
