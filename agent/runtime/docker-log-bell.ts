import { callLimits } from './docker-call.ts'
import { drain, type EngineStreams } from './engine-streams.ts'
import { frameReader } from './log-frames.ts'

/** Tells that a container printed something, without saying reliably what. */
export interface LogBell {
  /**
   * Resolves when there is news, when the stream has ended, or after so many milliseconds of
   * silence.
   */
  rings(withinMs: number): Promise<'news' | 'ended' | 'silent'>
  /** How many entries it counted since it was asked last. */
  take(): number
  close(): void
}

/**
 * Opens the engine's following log stream from now on. Reading it never stops, so it holds nothing
 * up.
 */
export async function createLogBell(
  streams: EngineStreams,
  containerId: string,
  signal: AbortSignal,
): Promise<LogBell> {
  const stop = new AbortController()
  const close = () => stop.abort()
  signal.addEventListener('abort', close, { once: true })
  let count = 0
  let ended = false
  let wake = () => {}

  const query = { follow: true, stdout: true, stderr: true, timestamps: true, tail: 0 }
  const path = `/containers/${containerId}/logs`
  const request = { what: 'logs', path, query, within: callLimits.look }
  const stream = await streams.open(request, stop.signal)
  const counted = frameReader(() => {
    count += 1
    return undefined
  })
  const finish = () => {
    ended = true
    wake()
  }
  // Why it ended does not matter: the container's state is looked at next.
  drain(stream, (chunk) => {
    counted(chunk)
    wake()
    return undefined
  }).then(finish, finish)

  return {
    rings: async (withinMs) => {
      if (count === 0 && !ended) await quiet(withinMs, (onNews) => (wake = onNews))
      return count > 0 ? 'news' : ended ? 'ended' : 'silent'
    },
    take: () => {
      const taken = count
      count = 0
      return taken
    },
    close: () => {
      signal.removeEventListener('abort', close)
      close()
    },
  }
}

function quiet(ms: number, listen: (onNews: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    listen(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
