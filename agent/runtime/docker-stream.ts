import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { limited } from './docker-call.ts'
import { RuntimeError } from './runtime.ts'

/** The part of dockerode's transport that is needed here; its own type is not exported. */
interface Transport {
  dial(request: object, callback: (error: Error | null, answer: unknown) => void): void
}

export interface StreamRequest {
  /** Named in errors. */
  readonly what: string
  readonly path: string
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>
  /** For the engine to begin its answer; milliseconds. */
  readonly within: number
}

/**
 * Opens an answer that is read as it comes. dockerode itself would gather an answer that ends in one string.
 * @param signal breaks it off at any time
 */
export function openStream(
  docker: Dockerode,
  { what, path, query, within }: StreamRequest,
  signal: AbortSignal,
): Promise<Readable> {
  const transport: Transport = docker.modem
  return limited(what, within, async (limit) => {
    const answer = Promise.withResolvers<Readable>()
    const opening = new AbortController()
    const giveUp = () => opening.abort()
    limit.addEventListener('abort', giveUp, { once: true })
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    const request = {
      path: `${path}?`,
      method: 'GET',
      isStream: true,
      abortSignal: opening.signal,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      // A field without a value would be sent as an empty one.
      options: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
    }
    transport.dial(request, (error, stream) => {
      if (error !== null) answer.reject(error)
      else if (stream instanceof Readable) answer.resolve(endOn(signal, stream))
      else answer.reject(new Error('the engine answered without a stream'))
    })
    return answer.promise.finally(() => {
      limit.removeEventListener('abort', giveUp)
      signal.removeEventListener('abort', giveUp)
    })
  })
}

/**
 * An open stream is ended by destroying it: aborting its request when the answer has just come whole makes the
 * socket throw where nobody can catch it.
 */
function endOn(signal: AbortSignal, stream: Readable): Readable {
  const end = () => stream.destroy()
  signal.addEventListener('abort', end, { once: true })
  stream.once('close', () => signal.removeEventListener('abort', end))
  // `drain` looks at how it ended; until then an error must not be the process's.
  stream.on('error', () => undefined)
  return stream
}

/**
 * Reads a stream to its end, or until `onChunk` answers `false`; always at full speed.
 * @throws what `onChunk` throws, after the stream was ended; {RuntimeError} when the stream breaks
 */
export function drain(
  stream: Readable,
  onChunk: (chunk: Buffer) => boolean | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const broken = () => reject(new RuntimeError('engine_down', 'The engine hung up.'))
    if (stream.destroyed) return broken()
    stream.on('data', (chunk: Buffer) => {
      try {
        if (onChunk(chunk) !== false) return
        resolve()
      } catch (error) {
        reject(error)
      }
      stream.destroy()
    })
    stream.on('end', resolve).on('error', broken).on('close', broken)
  })
}
