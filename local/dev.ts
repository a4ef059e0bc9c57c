import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { createInterface } from 'node:readline'
import { createServer } from 'vite'
import { bootstrapPipe, watchParent } from './parent-watch.ts'

/**
 * `npm start` in watch mode: the panel is served by Vite, which shows a change at once, and the launcher is started
 * again when something that it builds has changed. Takes the launcher's own options.
 */
const built = ['worker', 'durable-objects', 'contract', 'agent', 'local']
const settleMs = 300

let launcher: ChildProcess | null = null
let stopping = false

/** Resolves with the panel's address; rejects when the launcher ends before it is ready. */
function start(): Promise<string> {
  const child = spawn(process.execPath, ['local/start.ts', ...process.argv.slice(2)], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  launcher = child
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line)
      const url = /^ready (\S+)$/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`The launcher ended with ${code}.`)))
  })
}

async function end(): Promise<void> {
  const child = launcher
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGINT')
  await once(child, 'exit')
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await end()
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
const pipe = bootstrapPipe(process.env)
if (pipe !== null) watchParent(pipe, stop)

process.env.CATALYST_PANEL_URL = await start()
const vite = await createServer({ configFile: 'web/vite.config.ts' })
await vite.listen()
vite.printUrls()

let settling: NodeJS.Timeout | null = null
let restarting: Promise<unknown> = Promise.resolve()
for (const folder of built) {
  watch(folder, { recursive: true }, () => {
    if (settling !== null) clearTimeout(settling)
    settling = setTimeout(() => {
      // A build that fails is said by the launcher; the next change tries again.
      restarting = restarting.then(() => (stopping ? null : end().then(start))).catch(console.error)
    }, settleMs)
  })
}
