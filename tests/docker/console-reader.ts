import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { systemClock } from '../../agent/clock.ts'
import { NodePolicy } from '../../agent/policy.ts'
import { createDockerRuntime } from '../../agent/runtime/docker.ts'
import { createConsole } from '../../agent/servers/console.ts'
import { createConsoleStore } from '../../agent/servers/console-store.ts'
import { openDatabase } from '../../agent/storage/database.ts'

/*
 * The console half of an agent as a process of its own, so that it can be killed: console-reader.ts
 * <database> <received> <owner> <container>. What it "sends" is appended to the file `received`,
 * and it goes on after the last line there, as a panel would tell it.
 */
const [databasePath = '', received = '', owner = '', containerId = ''] = process.argv.slice(2)
const log = {
  debug() {},
  info() {},
  warn: globalThis.console.warn,
  error: globalThis.console.error,
}
const clock = systemClock()
const policy = NodePolicy.parse({})
const runtime = createDockerRuntime({ dockerHost: null, policy, owner, clock, log })
const { database } = openDatabase(databasePath, 'test')

const consoleLog = createConsole({
  store: createConsoleStore(database),
  runtime,
  clock,
  log,
  send: (_, lines) => {
    appendFileSync(received, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return true
  },
})

const container = await runtime.inspect(containerId)
if (container === null) throw new Error(`no container ${containerId}`)
const { serverId } = container.marks
consoleLog.watch(new Set([serverId]))
consoleLog.resumeFrom({ [serverId]: lastSeq() })
await consoleLog.attach(container)
// What is in the log by now has still to be sent.
clock.after(1_000, () => process.exit(0))

function lastSeq(): number {
  const last = existsSync(received) && readFileSync(received, 'utf8').trimEnd().split('\n').at(-1)
  return last ? Number(JSON.parse(last).seq) : 0
}
