import { fixedTime } from './log-position.ts'

/** One entry of an engine's log: a line, or the next part of a line too long for one entry. */
export interface LogEntry {
  /** RFC 3339 with nine digits of a second. */
  readonly at: string
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** More of a line whose beginning was in an earlier entry. */
  readonly continues: boolean
}

type OutputStream = LogEntry['stream']

const headerSize = 8

/** An engine's entries are at most 16 KiB; far more means that these are no frames. */
const largestFrame = 1024 * 1024

/**
 * Takes the engine's multiplexed stream apart: each frame is a header (stream, length) and one
 * entry. Chunks may break anywhere.
 * @param onFrame answers `false` when it has had enough
 * @returns what to call with each chunk; it passes that `false` on, and throws when the bytes are
 *   no frames
 */
export function frameReader(
  onFrame: (stream: OutputStream, payload: Buffer) => boolean | undefined,
): (chunk: Buffer) => boolean | undefined {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (bytes.length - at >= headerSize) {
      const length = bytes.readUInt32BE(at + 4)
      const kind = bytes[at] ?? 0
      if (length > largestFrame || kind > 2) throw new Error('the log is not in frames')
      const end = at + headerSize + length
      if (bytes.length < end) break
      const payload = bytes.subarray(at + headerSize, end)
      if (onFrame(kind === 2 ? 'stderr' : 'stdout', payload) === false) return false
      at = end
    }
    rest = bytes.subarray(at)
    return undefined
  }
}

/** When an entry was logged: the text up to its first space. */
export function entryTime(payload: Buffer): string {
  return fixedTime(payload.toString('latin1', 0, Math.max(0, payload.indexOf(0x20))))
}

/** The engine cuts lines into parts of this many bytes. */
const partSize = 16 * 1024

/**
 * Reads frames that begin with a time. Parts of one long line share the time of its first part and,
 * but for the last one, are of full size; some engines do not mark the last one's end.
 */
export function entryReader(): (stream: OutputStream, payload: Buffer) => LogEntry {
  const open = new Map<OutputStream, string>()
  return (stream, payload) => {
    const space = payload.indexOf(0x20)
    const at = entryTime(payload)
    const ends = payload.at(-1) === 0x0a
    const text = payload.toString('utf8', space + 1, ends ? payload.length - 1 : payload.length)
    const continues = open.get(stream) === at
    const isFull = payload.length - space - 1 >= partSize
    if (isFull && !ends) open.set(stream, at)
    else open.delete(stream)
    return { at, stream, text, continues }
  }
}
