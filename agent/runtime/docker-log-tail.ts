import { callLimits } from './docker-call.ts'
import { drain, type EngineStreams } from './engine-streams.ts'
import { entryReader, entryTime, frameReader, type LogEntry } from './log-frames.ts'
import { advance, epochTime, type LogPosition, resumeAfter, sinceFor } from './log-position.ts'
import { type LogLine, RuntimeError } from './runtime.ts'

/** Reads a log piece by piece, each proven to join the one before. */
export interface TailReader {
  /** Reads everything after the position that the log still has. */
  readAll(): Promise<void>
  /** Reads the last entries, or as many more as it takes; returns how many were new. */
  readTail(entries: number): Promise<number>
}

/**
 * @param since where the first reading begins; null: at the start
 * @param onLine called for each line once, in the log's order
 */
export function createTailReader(
  streams: EngineStreams,
  containerId: string,
  since: string | null,
  onLine: (line: LogLine) => void,
): TailReader {
  const readEntry = entryReader()
  let position: LogPosition | null = null

  const emit = ({ at, stream, text, continues }: LogEntry, lostBefore: boolean) => {
    position = advance(position, at)
    // A line that needs several entries is longer than any that is shown: its beginning stands for
    // it.
    if (!continues) onLine(lostBefore ? { at, stream, text, lostBefore } : { at, stream, text })
  }

  /** Null: the tail does not reach back to the position. */
  const read = async (tail: number | null): Promise<number | null> => {
    const judge = position === null ? null : resumeAfter(position, tail === null)
    const from = position === null ? since : sinceFor(position)
    let found = 0
    let isJoined = true
    const onFrame = (stream: LogEntry['stream'], payload: Buffer) => {
      const verdict = judge === null || found > 0 ? 'new' : judge(entryTime(payload))
      if (verdict === 'seen') return undefined
      isJoined = verdict === 'new' || tail === null
      if (!isJoined) return false
      found += 1
      emit(readEntry(stream, payload), verdict === 'missing')
      return undefined
    }
    await readLog(streams, containerId, { from, tail }, frameReader(onFrame))
    return isJoined ? found : null
  }

  return {
    readAll: async () => void (await read(null)),
    readTail: async (entries) => {
      if (position === null) return (await read(null)) ?? 0
      return (await read(entries)) ?? (await read(entries * 8)) ?? (await read(null)) ?? 0
    },
  }
}

interface Portion {
  /** RFC 3339; null: from the start. */
  readonly from: string | null
  /** So many entries at the end; null: all. */
  readonly tail: number | null
}

async function readLog(
  streams: EngineStreams,
  containerId: string,
  { from, tail }: Portion,
  onChunk: (chunk: Buffer) => boolean | undefined,
): Promise<void> {
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    since: from === null ? null : epochTime(from),
    tail,
  }
  const path = `/containers/${containerId}/logs`
  const late = AbortSignal.timeout(callLimits.log)
  const request = { what: 'logs', path, query, within: callLimits.look }
  const stream = await streams.open(request, late)
  await drain(stream, onChunk).catch((error: unknown) => {
    if (!late.aborted) throw error
    throw new RuntimeError('timed_out', 'The engine did not finish reading a log.')
  })
}
