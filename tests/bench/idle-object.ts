import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { panelCaller } from '../../local/api.ts'
import { startLibsqlServer } from '../../local/libsql-server.ts'
import { migrate } from '../../local/migrate.ts'
import { startPanel } from '../../local/panel.ts'
import { joinAsAgent } from './bench-agent.ts'

const token = 'a-token-of-at-least-32-characters'
/** All timers of link and object run so much faster: an hour in a minute. */
const divisor = 60
const hour = 3_600_000 / divisor
const settled = 15_000

/**
 * How often the real object of an idle node, on workerd, wakes by its alarm in an hour. Each look at the link
 * asks libSQL for changes that no push brought, and here nobody else asks it anything, so its requests are
 * the wakes.
 */
export async function alarmsOfAnHour(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'catalyst-bench-'))
  const database = await startLibsqlServer({ file: join(dataDir, 'panel.db'), port: 0, token })
  await migrate(database.url, token)
  const counter = await countInFrontOf(database.url)
  const panel = await startPanel({
    host: '127.0.0.1',
    port: 0,
    dataDir,
    bundleDir: 'dist/worker',
    bindings: {
      LIBSQL_URL: counter.url,
      LIBSQL_TOKEN: token,
      OPERATOR_TOKEN: token,
      LINK_TIMER_DIVISOR: String(divisor),
    },
  })
  try {
    const { url } = panel
    const agent = await joinAsAgent({ url, call: panelCaller(url, token) }, 'idle')
    await pause(settled)
    const before = counter.requests()
    await pause(hour)
    const requests = counter.requests() - before
    await agent.close()
    return requests
  } finally {
    await panel.stop()
    counter.close()
    await database.close()
    rmSync(dataDir, { recursive: true })
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Hands every request on, and counts them. */
async function countInFrontOf(target: string) {
  let requests = 0
  const server = createServer((incoming, answer) => {
    requests += 1
    const { method, headers } = incoming
    const onward = request(new URL(incoming.url ?? '/', target), { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP, so it is one
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
