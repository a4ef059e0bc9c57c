import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConsoleLine } from '../../contract/protocol/console.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { until } from '../support/until.ts'
import { createRuntimeWorld, type RuntimeWorld } from './runtime-world.ts'

interface Reading {
  start(): ChildProcess
  received(): ConsoleLine[]
}

/** An agent's console in a process that can be killed, and what it has sent so far. */
function createReading({ owner }: RuntimeWorld, containerId: string): Reading {
  const folder = temporaryDir()
  const received = join(folder, 'received')
  const program = join(import.meta.dirname, 'console-reader.ts')
  const args = [program, join(folder, 'agent.db'), received, owner, containerId]
  return {
    start: () => {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    },
    received: () => {
      const text = existsSync(received) ? readFileSync(received, 'utf8') : ''
      return text
        .split('\n')
        .slice(0, -1)
        .map((row) => ConsoleLine.parse(JSON.parse(row)))
    },
  }
}

const count = 20_000

test('[D7] an agent that is killed again and again loses and doubles none of 20,000 lines', async () => {
  const world = await createRuntimeWorld()
  const script = `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "line $i"; [ $((i%20)) = 0 ] && usleep 10500; done; echo end >&2`
  const { id } = await world.run(world.order(script))
  const reading = createReading(world, id)

  let seen = 0
  for (let kills = 0; kills < 5; kills += 1) {
    const agent = reading.start()
    await until(() => reading.received().length > seen + 800, 'lines', 20_000)
    agent.kill('SIGKILL')
    await once(agent, 'exit')
    seen = reading.received().length
  }
  await once(reading.start(), 'exit')

  const lines = reading.received()
  const printed = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1))
  expect(printed).toEqual(Array.from({ length: count }, (_, index) => `line ${index + 1}`))
  expect(lines.filter(({ stream }) => stream !== 'stdout').map(({ text }) => text)).toEqual(['end'])
})

test('[D7] lines that were rotated away while no agent ran are one gap', async () => {
  const world = await createRuntimeWorld()
  const script = 'seq 1 1000; read go; seq 1001 900000; echo "the end"'
  const { id } = await world.run(world.order(script))
  const reading = createReading(world, id)
  const first = reading.start()
  await until(() => reading.received().at(-1)?.text === '1000', 'the first lines', 20_000)
  first.kill('SIGKILL')
  await once(first, 'exit')

  await world.runtime.write(id, 'go\n')
  await world.runtime.wait(id, AbortSignal.timeout(60_000))
  await once(reading.start(), 'exit')

  const lines = reading.received()
  const after = lines.slice(1000)
  expect(lines.slice(0, 1000).map(({ text }) => Number(text))).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1),
  )
  expect(after[0]).toMatchObject({ stream: 'gap', text: 'unknown' })
  expect(Number(after[1]?.text)).toBeGreaterThan(1001)
  expect(after.at(-1)).toMatchObject({ stream: 'stdout', text: 'the end' })
})
