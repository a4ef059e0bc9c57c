import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import type { LocalDatabase } from './database.ts'
import type { Options } from './options.ts'
import type { LineLog } from './processes/line-log.ts'
import { restartSoon } from './processes/restart-delay.ts'
import { type SupervisedChild, superviseChild } from './processes.ts'
import { secretIn } from './secrets.ts'

export interface LocalWorker {
  /** What people open: `localhost`, since passkeys need a name. */
  readonly url: URL
  readonly operatorToken: string
  readonly child: SupervisedChild
}

const Ready = z.object({ url: z.url() })

/** Another program listens where the panel should. */
export class PortInUse extends Error {
  override name = 'PortInUse'
}

/**
 * Starts the built Worker on workerd, in a process of its own that ends with this one.
 * @throws {PortInUse}
 */
export async function startWorker(
  options: Options,
  database: LocalDatabase,
  pidFile: string,
  log: LineLog,
): Promise<LocalWorker> {
  await requireFreePort(options.host, options.port)
  const operatorToken = secretIn(options.data, 'operator-token').value
  const orderFile = join(options.data, 'run', 'panel.json')
  const order = (port: number) =>
    JSON.stringify({
      host: options.host,
      port,
      dataDir: options.data,
      bundleDir: 'dist/worker',
      bindings: {
        LIBSQL_URL: database.url,
        LIBSQL_TOKEN: database.token,
        OPERATOR_TOKEN: operatorToken,
        SECRET_KEYS: JSON.stringify({ local: secretIn(options.data, 'secret-key').value }),
        LINK_TIMER_DIVISOR: options.linkTimerDivisor,
        SUSPENSION_DELETE_POLICY: options.suspensionDeletePolicy,
        AUDIT_RETENTION_DAYS: options.auditRetentionDays,
        PRIVATE_ADDRESSES: options.privateAddresses,
        API_RATE_LIMIT: options.apiRateLimit,
        SUB_USERS_PER_SERVER: options.subUsersPerServer,
        API_KEYS_PER_ACCOUNT: options.apiKeysPerAccount,
      },
    })
  writeFileSync(orderFile, order(options.port), { mode: 0o600 })
  const child = superviseChild({
    name: 'panel',
    program: process.execPath,
    args: () => ['local/panel-main.ts', orderFile],
    env: process.env,
    log,
    pidFile,
    restart: restartSoon,
    stopWithinMs: 10_000,
  })
  const { port } = new URL(Ready.parse(await child.ready).url)
  // A port that was chosen by the system is kept over restarts: agents and browsers know it.
  writeFileSync(orderFile, order(Number(port)), { mode: 0o600 })
  const name = ['127.0.0.1', '0.0.0.0', '::1', '::'].includes(options.host)
    ? 'localhost'
    : options.host
  return { url: new URL(`http://${name}:${port}`), operatorToken, child }
}

function requireFreePort(host: string, port: number): Promise<void> {
  if (port === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE'
      const message = `Port ${port} is in use on ${host}. Choose another: npm start -- --port <n>`
      reject(taken ? new PortInUse(message, { cause: error }) : error)
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}
