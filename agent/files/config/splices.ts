/** A text in the place of what was between two offsets. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Changes of a text that are made together. */
export interface Splices {
  /** A later change of the same place takes the place of the earlier one. */
  put(splice: Splice): void
  /** The text with every change made. */
  applied(): string
}

export function createSplices(text: string): Splices {
  const changes = new Map<number, Splice>()
  return {
    put: (splice) => {
      changes.set(splice.start, splice)
    },
    applied: () => {
      let result = ''
      let from = 0
      const inOrder = [...changes.values()].sort((one, other) => one.start - other.start)
      for (const change of inOrder) {
        result += text.slice(from, change.start) + change.text
        from = change.end
      }
      return result + text.slice(from)
    },
  }
}
