import { Agent, type IncomingMessage, request } from 'node:http'
import type { Readable } from 'node:stream'
import * as z from 'zod'
import { limited } from './docker-call.ts'
import { RuntimeError } from './runtime.ts'

export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number }

/** Where the engine listens: a path, unix:// or tcp://; null: its usual place. */
export function engineAddress(host: string | null): EngineAddress {
  const address = host ?? '/var/run/docker.sock'
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) }
  if (address.startsWith('/')) return { socketPath: address }
  const { hostname, port } = new URL(address)
  return { host: hostname, port: Number(port || 2375) }
}

export interface StreamRequest {
  /** Named in errors. */
  readonly what: string
  readonly path: string
  readonly query: Readonly<Record<string, string | number | boolean | null>>
  /** For the engine to begin its answer; milliseconds. */
  readonly within: number
}

/**
 * Answers that are read as they come. dockerode would gather an answer that ends in one string, and
 * describes every request in full for a log that nobody reads: too dear for what is asked many
 * times a second.
 */
export interface EngineStreams {
  /** @param signal breaks the answer off at any time */
  open(asked: StreamRequest, signal: AbortSignal): Promise<Readable>
}

export function createEngineStreams(address: EngineAddress): EngineStreams {
  const agent = new Agent({ keepAlive: true })
  return {
    open: ({ what, path, query, within }, signal) =>
      limited(what, within, async (limit) => {
        const asked = request({ ...address, agent, path: `${path}?${queryText(query)}` })
        const end = () => asked.destroy()
        limit.addEventListener('abort', end, { once: true })
        signal.addEventListener('abort', end, { once: true })
        if (signal.aborted) end()
        const answered = Promise.withResolvers<IncomingMessage>()
        asked.on('response', answered.resolve).on('error', answered.reject)
        asked.on('close', () => signal.removeEventListener('abort', end))
        asked.end()
        const answer = await answered.promise
        // How it ended is for `drain` to say; until then an error must not be the process's.
        answer.on('error', () => undefined)
        if (answer.statusCode === 200) return answer
        throw await refusal(answer)
      }),
  }
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

/** Shaped like dockerode's errors, so that the same predicates know it. */
async function refusal(answer: IncomingMessage): Promise<Error> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  const told = Refusal.safeParse(text)
  const words = told.success ? told.data.message : text
  return Object.assign(new Error(words), { statusCode: answer.statusCode })
}

const Refusal = z
  .string()
  .transform(parseJson)
  .pipe(z.object({ message: z.string() }))

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not the engine's own answer, but something's in between: told as it is.
    return null
  }
}

function queryText(query: StreamRequest['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) search.set(name, String(value))
  }
  return search.toString()
}
