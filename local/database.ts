import { join } from 'node:path'
import * as z from 'zod'
import { migrate } from './migrate.ts'
import type { LineLog } from './processes/line-log.ts'
import { restartSoon } from './processes/restart-delay.ts'
import { type SupervisedChild, superviseChild } from './processes.ts'
import { secretIn } from './secrets.ts'

export interface LocalDatabase {
  readonly url: string
  readonly token: string
  readonly child: SupervisedChild
}

const Ready = z.object({ url: z.url() })

/**
 * Starts the libSQL server on this machine and brings its tables up to date. A server that is started again
 * keeps its first port, since the Worker was told that address.
 */
export async function startDatabase(
  dataDir: string,
  pidFile: string,
  log: LineLog,
): Promise<LocalDatabase> {
  const token = secretIn(dataDir, 'libsql-token')
  let port = '0'
  const child = superviseChild({
    name: 'libsql',
    program: process.execPath,
    args: () => [
      'local/libsql-main.ts',
      '--db',
      join(dataDir, 'panel.db'),
      '--token-file',
      token.file,
      '--port',
      port,
    ],
    env: process.env,
    log,
    pidFile,
    restart: restartSoon,
    stopWithinMs: 5_000,
  })
  const { url } = Ready.parse(await child.ready)
  port = new URL(url).port
  await migrate(url, token.value)
  return { url, token: token.value, child }
}
