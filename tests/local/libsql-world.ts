import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client/http'
import { onTestFinished } from 'vitest'
import {
  type LibsqlServer,
  type LibsqlServerOptions,
  startLibsqlServer,
} from '../../local/libsql-server.ts'

export const token = 'a-token-of-at-least-32-characters'

export type LibsqlWorld = {
  readonly server: LibsqlServer
  readonly file: string
  /** A client of its own, as each request of the Worker has one. */
  readonly client: () => Client
  readonly post: (body: unknown, init?: RequestInit) => Promise<Response>
}

/** A server with an empty database, gone when the test is. */
export async function createLibsqlWorld(
  options: Partial<LibsqlServerOptions> = {},
): Promise<LibsqlWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'libsql-'))
  const file = join(folder, 'panel.db')
  const server = await startLibsqlServer({ file, port: 0, token, ...options })
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    server,
    file,
    client: () => createClient({ url: server.url, authToken: token, intMode: 'number' }),
    post: (body, init) =>
      fetch(`${server.url}/v2/pipeline`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
  }
}

/** The code of the error that the promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return 'no error'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code
    throw error
  }
}
