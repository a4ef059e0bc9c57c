import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { runPipeline } from './libsql/pipeline.ts'
import { SqlError, toSqlError } from './libsql/sql-error.ts'
import { createStreams, type Streams } from './libsql/streams.ts'
import { PipelineBody } from './libsql/wire.ts'

export type LibsqlServerOptions = {
  /** The database file; made when absent, its folder must exist. */
  readonly file: string
  /** 0 takes a free port. */
  readonly port: number
  /** What clients send as `Authorization: Bearer`. */
  readonly token: string
  /**
   * A stream that is silent for so long is rolled back (3 s unless given): its client may have died with the
   * lock in its hand, and until then nobody else can write.
   */
  readonly streamIdleMs?: number
  /** How long a write waits for other writers before it fails as busy (15 s unless given). */
  readonly busyWaitMs?: number
  /** Largest request body (16 MiB unless given). */
  readonly maxBodyBytes?: number
}

export type LibsqlServer = {
  readonly url: string
  /** Rolls back open transactions and closes the file. */
  readonly close: () => Promise<void>
}

type Reply = { readonly status: number; readonly body: unknown }

/**
 * Serves a database file on 127.0.0.1 to libSQL's HTTP clients: the Hrana 2 protocol in JSON, the
 * part of it that `@libsql/client` speaks. Rejects when the port is taken or the file unusable.
 */
export async function startLibsqlServer(options: LibsqlServerOptions): Promise<LibsqlServer> {
  const { streamIdleMs: idleMs = 3_000, busyWaitMs = 15_000 } = options
  const streams = createStreams(options.file, { idleMs, maxStreams: 512 })
  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    const patience = { waitMs: busyWaitMs, signal: gone.signal }
    answer(request, streams, options, patience).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, refusal(error)),
    )
  })
  // An idle connection costs nothing here, and closing one races with the client's next request.
  server.keepAliveTimeout = 0

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  }).catch((error: unknown) => {
    streams.close()
    throw error
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      streams.close()
    },
  }
}

async function answer(
  request: IncomingMessage,
  streams: Streams,
  options: LibsqlServerOptions,
  patience: { waitMs: number; signal: AbortSignal },
): Promise<Reply> {
  const route = `${request.method} ${request.url}`
  if (route === 'GET /health' || route === 'GET /v2') return { status: 200, body: {} }
  if (route !== 'POST /v2/pipeline') return error(404, 'NOT_FOUND', 'there is nothing here')
  if (!bearerIs(request.headers.authorization, options.token)) {
    return error(401, 'UNAUTHORIZED', 'the token is missing or wrong')
  }
  const text = await readText(request, options.maxBodyBytes ?? 16 * 1024 * 1024)
  const body = PipelineBody.safeParse(parseJson(text))
  if (!body.success) return error(400, 'BAD_REQUEST', 'the body is not a Hrana 2 pipeline')
  return { status: 200, body: await runPipeline(streams, body.data, patience) }
}

function error(status: number, code: string, message: string): Reply {
  return { status, body: { message, code } }
}

function refusal(cause: unknown): Reply {
  const { code, message } = toSqlError(cause)
  if (code === 'BODY_TOO_LARGE') return error(413, code, message)
  if (code === 'TOO_MANY_STREAMS') return error(503, code, message)
  return error(code === 'STREAM_EXPIRED' || code === 'BAD_REQUEST' ? 400 : 500, code, message)
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  response.writeHead(reply.status, headers).end(JSON.stringify(reply.body))
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new SqlError('BODY_TOO_LARGE', `more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SqlError('BAD_REQUEST', 'the body is not JSON')
  }
}

/** Compares digests, so that the time taken tells nothing about the token. */
function bearerIs(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
