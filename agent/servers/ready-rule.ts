import { PatternError, readPattern } from '../pattern.ts'

/** When a server's console says that it is ready. */
export interface ReadyRule {
  /** There is nothing to wait for: the server runs as soon as its process does. */
  readonly atOnce: boolean
  /** Patterns that cannot be used, each with the reason. */
  readonly unusable: readonly string[]
  /** Whether a line says it; colours (SGR) may stand anywhere in it. */
  isSaidBy(line: string): boolean
}

const patternMark = 'regex:'
const known = new WeakMap<readonly string[], ReadyRule>()

/**
 * Reads a spec's ready texts, each list once: any of them may be found anywhere in a line, and one that
 * begins with `regex:` is a pattern in RE2's syntax. With nothing that can be used a server is ready at
 * once, since it could never become so.
 */
export function readyRule(ready: readonly string[]): ReadyRule {
  const found = known.get(ready)
  if (found !== undefined) return found
  const rule = readRule(ready)
  known.set(ready, rule)
  return rule
}

function readRule(ready: readonly string[]): ReadyRule {
  const unusable: string[] = []
  const checks = ready.flatMap((entry) => {
    if (!entry.startsWith(patternMark)) return [(line: string) => line.includes(entry)]
    const source = entry.slice(patternMark.length)
    try {
      const pattern = readPattern(source)
      return [(line: string) => pattern.matcher(line).find()]
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      unusable.push(`The ready pattern "${source}" cannot be used: ${error.message}.`)
      return []
    }
  })
  return {
    atOnce: checks.length === 0,
    unusable,
    isSaidBy: (line) => {
      const plain = line.replaceAll(colours, '')
      return checks.some((check) => check(plain))
    },
  }
}

/** The console keeps colour sequences (SGR); a ready text may be written across them. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;:]*m`, 'g')
