import * as z from 'zod'

/**
 * Control characters and line separators begin a line of their own in mail, logs and files; the others turn the
 * direction of what is written beside them. Joiners are none of them: emoji and some scripts need those.
 */
const unruly = '\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069'
const ruly = new RegExp(`^[^${unruly}]*$`, 'u')
const eachUnruly = new RegExp(`[${unruly}]`, 'gu')

/** Text on one line. */
export const Line = z.string().regex(ruly, 'One line of text.')

/** What a thing or somebody is called. It stands in lists, in mail and in the audit log. */
export const Name = z.string().trim().min(1).max(100).regex(ruly, 'One line of text.')

/** Text of another's making, as `Line` has it. */
export function onOneLine(text: string): string {
  return text.replaceAll(eachUnruly, ' ')
}
