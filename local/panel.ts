import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'

export interface PanelOptions {
  readonly host: string
  readonly port: number
  /** Folder for objects and buckets. */
  readonly dataDir: string
  /** Folder of the built Worker. */
  readonly bundleDir: string
  /** What the Worker is told in place of its variables and secrets. */
  readonly bindings: Readonly<Record<string, string>>
}

export interface Panel {
  readonly url: URL
  /** Runs the Worker's cron trigger, which nothing else does outside the platform. */
  scheduled(): Promise<void>
  stop(): Promise<void>
}

/**
 * Runs the built Worker with its objects, buckets and assets on workerd. Objects and buckets are on disk in
 * `dataDir`; a workerd that dies is started again by the runtime's own watch.
 */
export async function startPanel(options: PanelOptions): Promise<Panel> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('./wrangler.toml')
  const persist = join(options.dataDir, 'objects')
  mkdirSync(persist, { recursive: true })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: options.host,
      port: options.port,
      log: new Log(LogLevel.WARN),
      // Neither the caller's place nor anything else is asked of the internet.
      cf: false,
      telemetry: { enabled: false },
      resourcePersistencePath: persist,
      workers: [
        {
          ...workerOptions,
          name: 'catalyst',
          bindings: Object.assign({}, workerOptions.bindings, options.bindings),
          modulesRoot: options.bundleDir,
          modules: modulesOf(options.bundleDir),
        },
      ],
    }),
  )
  const url = await miniflare.ready
  return {
    url,
    scheduled: async () => {
      const worker = await miniflare.getWorker()
      await worker.scheduled({ cron: '* * * * *' })
    },
    stop: () => miniflare.dispose(),
  }
}

function modulesOf(folder: string) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .sort((a, b) => Number(b === 'index.js') - Number(a === 'index.js'))
    .map((file) => ({
      type: 'ESModule' as const,
      path: join(folder, file),
      contents: readFileSync(join(folder, file)),
    }))
}
