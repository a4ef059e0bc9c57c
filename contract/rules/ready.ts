import { RE2JS } from 're2js'

/** What stands before a pattern among the texts that mean "ready". */
export const patternMark = 'regex:'

/** Why a text that means "ready" cannot be used, as the end of a sentence; null where it can. */
export function patternProblem(text: string): string | null {
  if (!text.startsWith(patternMark)) return null
  try {
    RE2JS.compile(text.slice(patternMark.length))
    return null
  } catch {
    return 'it is no pattern in the syntax of RE2'
  }
}
