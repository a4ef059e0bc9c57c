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
    const stop = new AbortController()
    const abort = () => stop.abort()
    limit.addEventListener('abort', abort, { once: true })
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    const request = {
      path: `${path}?`,
      method: 'GET',
      isStream: true,
      abortSignal: stop.signal,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      // A field without a value would be sent as an empty one.
      options: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
    }
    transport.dial(request, (error, stream) => {
      if (error !== null) answer.reject(error)
      else if (stream instanceof Readable) answer.resolve(stream)
      else answer.reject(new Error('the engine answered without a stream'))
    })
    const stream = await answer.promise
    stream.once('close', () => signal.removeEventListener('abort', abort))
    return stream
  })
}

/**
 * Reads a stream to its end; always at full speed.
 * @throws what `onChunk` throws, after the stream was ended; {RuntimeError} when the stream breaks
 */
export function drain(stream: Readable, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        onChunk(chunk)
      } catch (error) {
        reject(error)
        stream.destroy()
      }
    })
    stream.on('end', resolve)
    stream.on('error', (error) => reject(new RuntimeError('engine_down', error.message)))
    stream.on('close', () => reject(new RuntimeError('engine_down', 'The engine hung up.')))
  })
}
