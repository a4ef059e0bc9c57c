import { RefusedEdit } from './edit.ts'

/** A line and the characters that end it; the last one of a file may have none. */
export interface Line {
  readonly text: string
  readonly end: string
}

export function splitLines(text: string): Line[] {
  const lines = Array.from(
    text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g),
    ([, line = '', end = '']) => {
      return { text: line, end }
    },
  )
  // The last match is the empty one behind the last line's end.
  if (lines.at(-1)?.text === '') lines.pop()
  return lines
}

export function joinLines(lines: readonly Line[]): string {
  return lines.map(({ text, end }) => text + end).join('')
}

/** How lines end in this file. */
export function lineEnd(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n'
}

/** Adds lines before an index; the line before it gets an end if it has none. */
export function insertLines(
  lines: Line[],
  index: number,
  texts: readonly string[],
  end: string,
): void {
  if (texts.length === 0) return
  const before = lines[index - 1]
  if (before !== undefined && before.end === '') lines[index - 1] = { ...before, end }
  lines.splice(index, 0, ...texts.map((text) => ({ text, end })))
}

/** @throws {RefusedEdit} when a value would become a second line, and so a setting of its own */
export function requireOneLine(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new RefusedEdit('its value has more than one line')
  return value
}
