import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'

/** Lines missing between two that are here. */
export interface Gap {
  /** The first line after it: older lines are asked for before this number. */
  readonly before: number
  /** How many; null when nobody knows. */
  readonly count: number | null
  /** The node never numbered them, so nobody can load them: they came too fast, or their log was rotated away. */
  readonly lost: boolean
}

export type Shown =
  | { readonly kind: 'line'; readonly line: ConsoleLine }
  | { readonly kind: 'gap'; readonly gap: Gap }

export interface Merged {
  readonly lines: readonly ConsoleLine[]
  /** `appended`: `added` stands at the end; `rebuilt`: something changed further up. */
  readonly change: 'none' | 'appended' | 'rebuilt'
  readonly added: readonly ConsoleLine[]
}

/**
 * Joins lines that came to those that are here, by number. A number stays as it is, except that a real
 * line takes the place of a gap. Doing it twice changes nothing.
 */
export function mergeLines(here: readonly ConsoleLine[], incoming: readonly ConsoleLine[]): Merged {
  const last = here.at(-1)?.seq ?? 0
  if (growFrom(last, incoming)) {
    return { lines: [...here, ...incoming], change: 'appended', added: incoming }
  }
  const known = new Map(here.map((line) => [line.seq, line]))
  const added = incoming
    .filter((line) => {
      const old = known.get(line.seq)
      return old === undefined || (old.stream === 'gap' && line.stream !== 'gap')
    })
    .sort((one, other) => one.seq - other.seq)
  const first = added[0]
  if (first === undefined) return { lines: here, change: 'none', added: [] }
  for (const line of added) known.set(line.seq, line)
  const lines = [...known.values()].sort((one, other) => one.seq - other.seq)
  return { lines, change: 'rebuilt', added }
}

/** The usual case, at the pace of a busy console: new lines in order. */
function growFrom(last: number, incoming: readonly ConsoleLine[]): boolean {
  let above = last
  for (const { seq } of incoming) {
    if (seq <= above) return false
    above = seq
  }
  return incoming.length > 0
}

/**
 * What to show for lines in order, with a gap wherever numbers are missing.
 * @param after the number of the line that stands above; null: nothing does, and what is older is not missing
 */
export function shownOf(lines: readonly ConsoleLine[], after: number | null): Shown[] {
  const shown: Shown[] = []
  let above = after
  for (const line of lines) {
    const known = above !== null
    const hole = above === null ? 0 : line.seq - above - 1
    above = line.seq
    if (line.stream === 'gap') {
      shown.push({ kind: 'gap', gap: gapOf(line, known, hole) })
      continue
    }
    if (hole > 0) shown.push({ kind: 'gap', gap: { before: line.seq, count: hole, lost: false } })
    shown.push({ kind: 'line', line })
  }
  return shown
}

export function gapsIn(shown: readonly Shown[]): Gap[] {
  return shown.flatMap((item) => (item.kind === 'gap' ? [item.gap] : []))
}

/** A gap whose count is that of the missing numbers stands for lines that the node has; any other is final. */
function gapOf({ seq, text }: ConsoleLine, known: boolean, hole: number): Gap {
  const said = countOf(text)
  const before = seq + 1
  if (hole > 0) return { before, count: hole + 1, lost: false }
  return { before, count: said, lost: known && said !== 1 }
}

function countOf(text: string): number | null {
  const count = Number.parseInt(text, 10)
  return Number.isNaN(count) ? null : count
}
