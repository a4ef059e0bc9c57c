import { randomBytes } from 'node:crypto'
import { Connection } from './connection.ts'
import { createLockQueue } from './lock-queue.ts'
import { SqlError } from './sql-error.ts'

/** A client's series of requests on one connection; transactions live on it. */
export type Stream = {
  readonly connection: Connection
  /** SQL texts that the client stored on the stream, by its own number. */
  readonly storedSql: Map<number, string>
}

export type StreamLimits = {
  /** A stream that is not heard of for so long is rolled back, in milliseconds. */
  readonly idleMs: number
  readonly maxStreams: number
}

/**
 * The open streams. Between two requests a stream is parked under a baton, a secret that is used
 * once; only who holds it can go on with the stream.
 */
export type Streams = {
  /** Opens a stream, or takes up the one parked under the baton. Throws `STREAM_EXPIRED`. */
  readonly take: (baton: string | null) => Stream
  readonly park: (stream: Stream) => string
  /** Ends a stream; what it has not committed is rolled back. */
  readonly end: (stream: Stream) => void
  readonly close: () => void
}

const maxIdleConnections = 64

/** Opens the database file and keeps its connections for reuse. */
export function createStreams(file: string, limits: StreamLimits): Streams {
  const locks = createLockQueue()
  const idle: Connection[] = [new Connection(file, locks)]
  const parked = new Map<string, { stream: Stream; expiry: NodeJS.Timeout }>()
  const open = new Set<Stream>()

  function take(baton: string | null): Stream {
    if (baton === null) return begin()
    const found = parked.get(baton)
    if (found === undefined) {
      throw new SqlError('STREAM_EXPIRED', 'the stream has expired or its baton was used before')
    }
    parked.delete(baton)
    clearTimeout(found.expiry)
    return found.stream
  }

  function begin(): Stream {
    if (open.size >= limits.maxStreams) {
      throw new SqlError('TOO_MANY_STREAMS', `${open.size} streams are open already`)
    }
    const stream = { connection: idle.pop() ?? new Connection(file, locks), storedSql: new Map() }
    open.add(stream)
    return stream
  }

  function park(stream: Stream): string {
    const baton = randomBytes(16).toString('base64url')
    const expiry = setTimeout(() => {
      parked.delete(baton)
      end(stream)
    }, limits.idleMs)
    parked.set(baton, { stream, expiry })
    return baton
  }

  function end(stream: Stream): void {
    if (!open.delete(stream)) return
    const reusable = stream.connection.reset()
    if (reusable && idle.length < maxIdleConnections) idle.push(stream.connection)
    else stream.connection.close()
  }

  function close(): void {
    for (const { expiry } of parked.values()) clearTimeout(expiry)
    parked.clear()
    for (const stream of open) end(stream)
    // The engine closes a file for good only when its statements are collected, so the last
    // close does not empty the log as it does elsewhere.
    idle[0]?.checkpoint()
    for (const connection of idle.splice(0)) connection.close()
  }

  return { take, park, end, close }
}
