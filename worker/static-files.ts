import type { Context } from 'hono'
import { AppError } from '../contract/errors.ts'
import type { HonoEnv } from './http/hono-env.ts'
import type { Api } from './http/mount.ts'

/** What a machine fetches that becomes a node: the installer and the agent, files of the built panel. */
export function mountAssets(app: Api): void {
  app.get('/install.sh', serveFile)
  app.get('/agent/*', serveFile)
}

/** For a file that is not there the assets answer the panel's page, which no script should run. */
async function serveFile(c: Context<HonoEnv>): Promise<Response> {
  const found = await c.get('host').assets.fetch(c.req.raw)
  const isPage = found.headers.get('content-type')?.startsWith('text/html') ?? false
  if (found.status !== 200 || isPage) throw new AppError('not_found')
  return new Response(found.body, found)
}
