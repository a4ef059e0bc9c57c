import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { startPanel } from './panel.ts'
import { watchParent } from './parent-watch.ts'

/** What the launcher writes for this process: a file, since arguments can be read by everybody. */
const Order = z.object({
  host: z.string(),
  port: z.number(),
  dataDir: z.string(),
  bundleDir: z.string(),
  bindings: z.record(z.string(), z.string()),
})

const watchdogEvery = 60_000

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: panel-main.ts <order file>')
  process.exit(2)
}
const order = Order.parse(JSON.parse(readFileSync(file, 'utf8')))
const panel = await startPanel(order)

/** A run that fails is said and the next one comes in a minute: the watchdog itself must never stop. */
function watch(): void {
  panel.scheduled().catch((error: unknown) => console.error('watchdog:', error))
}
watch()
setInterval(watch, watchdogEvery)

const stop = () => {
  panel.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}
watchParent(process.stdin, stop)
process.on('SIGTERM', stop)
process.on('SIGINT', () => undefined) // the terminal sends it to all of us; the launcher decides
console.log(JSON.stringify({ ready: true, url: panel.url.href }))
