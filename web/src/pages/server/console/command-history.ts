/** Lines that were sent, the newest last, and where in them the reader stands. */
export interface History {
  readonly lines: readonly string[]
  /** How far back: 0 is the line being written. */
  readonly back: number
  /** What was being written before looking back. */
  readonly draft: string
}

const linesKept = 100

export const noHistory: History = { lines: [], back: 0, draft: '' }

/** Remembers a line that was sent; the same one twice in a row is remembered once. */
export function remember(history: History, line: string): History {
  const lines = history.lines.at(-1) === line ? history.lines : [...history.lines, line]
  return { lines: lines.slice(-linesKept), back: 0, draft: '' }
}

/**
 * One step back or forward through what was sent.
 * @param written what stands in the command line now
 * @returns the new place and the line to show; null: there is nothing further that way
 */
export function step(
  history: History,
  way: 'back' | 'forward',
  written: string,
): { readonly history: History; readonly line: string } | null {
  const back = history.back + (way === 'back' ? 1 : -1)
  if (back < 0 || back > history.lines.length) return null
  const draft = history.back === 0 ? written : history.draft
  const line = back === 0 ? draft : (history.lines.at(-back) ?? '')
  return { history: { ...history, back, draft }, line }
}
