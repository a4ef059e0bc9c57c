import { createInterface } from 'node:readline/promises'
import { launch } from './launch.ts'
import { readOptions } from './options.ts'
import { bootstrapPipe, watchParent } from './parent-watch.ts'

const read = readOptions(process.argv.slice(2), process.env)
if (!read.ok) {
  console.error(read.message)
  process.exit(2)
}

const stopping = new AbortController()
const stop = () => stopping.abort()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
const pipe = bootstrapPipe(process.env)
if (pipe !== null) watchParent(pipe, stop)

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

try {
  await launch({
    options: read.options,
    say: (line) => console.log(line),
    ask: process.stdin.isTTY ? ask : null,
    signal: stopping.signal,
  })
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
