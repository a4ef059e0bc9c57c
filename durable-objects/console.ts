import type { ConsoleLine } from '../contract/protocol/console.ts'

/** Lines kept per server [C3]. */
export const linesKept = 1000

/** What one frame of lines for a browser holds at most, in characters: its reader may be slow. */
const frameAtMost = 65_536

/**
 * The lines that are new after number `newest`, with one gap line where numbers were skipped [C2].
 * A gap line stands in the place of the last number it replaces, so numbers still only grow: numbers
 * that are lost come late or never, and a browser that resumes after the gap line misses nothing.
 */
export function withGaps(newest: number, lines: readonly ConsoleLine[]): ConsoleLine[] {
  const taken: ConsoleLine[] = []
  let last = newest
  for (const line of lines) {
    if (line.seq <= last) continue
    const missing = line.seq - last - 1
    if (missing > 0) {
      taken.push({ seq: line.seq - 1, at: line.at, stream: 'gap', text: String(missing) })
    }
    taken.push(line)
    last = line.seq
  }
  return taken
}

/** Cuts lines into runs that are small enough for one frame each; order is kept. */
export function inFrames(lines: readonly ConsoleLine[]): ConsoleLine[][] {
  const frames: ConsoleLine[][] = []
  let frame: ConsoleLine[] = []
  let size = 0
  for (const line of lines) {
    const full = frame.length >= linesKept || size + line.text.length > frameAtMost
    if (frame.length > 0 && full) {
      frames.push(frame)
      frame = []
      size = 0
    }
    frame.push(line)
    size += line.text.length + 80
  }
  if (frame.length > 0) frames.push(frame)
  return frames
}
