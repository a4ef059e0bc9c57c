import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../agent/clock.ts'
import type { RuntimeEvent } from '../../agent/runtime/runtime.ts'
import { createConsole } from '../../agent/servers/console.ts'
import { createConsoleStore } from '../../agent/servers/console-store.ts'
import { openDatabase } from '../../agent/storage/database.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { until } from '../support/until.ts'
import { createPrivateEngine } from './private-engine.ts'
import { createRuntimeWorld, silentLog } from './runtime-world.ts'

test('an engine that dies and comes back is noticed, and the console goes on where it was', async () => {
  const engine = await createPrivateEngine()
  const world = await createRuntimeWorld({}, engine.socket)
  const { runtime } = world
  const events: RuntimeEvent['type'][] = []
  const stop = new AbortController()
  runtime.watch(({ type }) => events.push(type), stop.signal)
  const container = await world.run(
    world.order('i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo $i; sleep 0.05; done; exit 9'),
  )
  const { database } = openDatabase(`${temporaryDir()}/agent.db`, 'test')
  const send = () => true
  const agentConsole = createConsole({
    store: createConsoleStore(database),
    runtime,
    send,
    clock: systemClock(),
    log: silentLog,
  })
  const lines: ConsoleLine[] = []
  agentConsole.onLine((_, line) => lines.push(line))
  onTestFinished(async () => {
    stop.abort()
    await agentConsole.close()
    database.close()
  })

  const reading = agentConsole.attach(container)
  await until(() => lines.length > 20, 'the first lines')
  await engine.kill()
  await until(() => events.includes('engine_lost'), 'the loss to be noticed')
  await expect(runtime.list()).rejects.toMatchObject({ fault: 'engine_down' })
  await engine.start()
  await until(() => events.includes('engine_found'), 'the engine to be found', 20_000)
  await reading
  const exit = await runtime.wait(container.id, AbortSignal.timeout(20_000))

  expect(events.slice(0, 2)).toEqual(['engine_lost', 'engine_found'])
  expect(exit.code).toBe(9)
  expect(lines.map(({ text }) => Number(text))).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1),
  )
})
