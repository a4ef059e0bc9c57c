import { expect, test } from 'vitest'
import type { LogLine } from '../../agent/runtime/runtime.ts'
import { createRuntimeWorld, listen, untilPrinted } from './runtime-world.ts'

test('every line comes once and in order while the log is rotated under the reader', async () => {
  const world = await createRuntimeWorld()
  const flood = 400_000
  const script = `seq 1 ${flood}; i=${flood}; while [ $i -lt ${flood + 10} ]; do i=$((i+1)); echo $i; sleep 0.1; done`
  const { id } = await world.run(world.order(script))

  const numbers: number[] = []
  let lost = 0
  const onLine = ({ text, lostBefore }: LogLine) => {
    numbers.push(Number(text))
    if (lostBefore === true) lost += 1
  }
  await world.runtime.follow(id, null, onLine, AbortSignal.timeout(60_000))

  expect(numbers).toHaveLength(flood + 10)
  expect(numbers.every((number, index) => number === index + 1)).toBe(true)
  expect(lost).toBe(0)
})

test('a reader that begins before the start hears everything, and ends with the container', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.runtime.create(
    world.order('echo out; echo err >&2; printf unfinished'),
  )
  const lines: LogLine[] = []

  const reading = world.runtime.follow(
    id,
    null,
    (line) => lines.push(line),
    AbortSignal.timeout(20_000),
  )
  await world.runtime.start(id)
  await reading

  const printed = lines.map(({ stream, text }) => `${stream} ${text}`)
  expect(printed.sort()).toEqual(['stderr err', 'stdout out', 'stdout unfinished'])
})

test('a line of any length is one line, and the next one is whole again', async () => {
  const world = await createRuntimeWorld()
  const long = (bytes: number) =>
    `head -c ${bytes} /dev/zero | tr "\\0" x; echo; echo after ${bytes};`
  const sizes = [16_383, 16_384, 16_385, 32_768, 40_000, 1_000_000]

  const { id } = await world.run(world.order(sizes.map(long).join('')))
  const lines = await world.output(id)

  expect(lines.filter((line) => line.startsWith('after'))).toEqual(
    sizes.map((size) => `after ${size}`),
  )
  expect(lines).toHaveLength(2 * sizes.length)
})

test('a reading that begins at a time repeats what was printed at it, and nothing before', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(world.order('for i in 1 2 3 4; do echo $i; sleep 0.05; done'))
  await world.runtime.wait(id, AbortSignal.timeout(20_000))
  const all: LogLine[] = []
  await world.runtime.follow(id, null, (line) => all.push(line), AbortSignal.timeout(20_000))

  const later: LogLine[] = []
  const since = all[2]?.at ?? ''
  await world.runtime.follow(id, since, (line) => later.push(line), AbortSignal.timeout(20_000))

  expect(all.map(({ text }) => text)).toEqual(['1', '2', '3', '4'])
  expect(later).toEqual(all.slice(2))
})

test('an aborted reading ends at once, and the container does not notice', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(world.order('while :; do echo tick; sleep 0.05; done'))
  const stop = new AbortController()
  const lines: LogLine[] = []
  const reading = world.runtime.follow(id, null, (line) => lines.push(line), stop.signal)
  await untilPrinted(lines, 'tick')

  stop.abort()
  await reading

  expect((await world.runtime.inspect(id))?.state).toBe('running')
})

test('a line is read within a moment of being printed', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(world.order('while read line; do echo "got $line"; done'))
  const lines = listen(world.runtime, id)
  await world.runtime.write(id, 'first\n')
  await untilPrinted(lines, 'got first')
  const took: number[] = []

  for (let round = 0; round < 20; round += 1) {
    const before = performance.now()
    await world.runtime.write(id, `${round}\n`)
    await untilPrinted(lines, `got ${round}`)
    took.push(performance.now() - before)
  }

  const median = took.sort((one, other) => one - other)[10] ?? Number.POSITIVE_INFINITY
  expect(median).toBeLessThan(100)
})
