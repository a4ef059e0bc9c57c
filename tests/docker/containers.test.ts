import { rmdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { systemClock } from '../../agent/clock.ts'
import { NodePolicy } from '../../agent/policy.ts'
import { createDockerRuntime } from '../../agent/runtime/docker.ts'
import type { RuntimeEvent } from '../../agent/runtime/runtime.ts'
import { until } from '../support/until.ts'
import { createRuntimeWorld, listen, silentLog, untilPrinted } from './runtime-world.ts'

test('what is made carries its marks, and is found again by them and by its owner alone', async () => {
  const world = await createRuntimeWorld()
  const other = await createRuntimeWorld()
  const order = world.order('sleep 60', { marks: { startNo: 7, incarnation: 2, generation: 9 } })

  const made = await world.run(order)

  expect(made).toMatchObject({ marks: order.marks, state: 'running', exit: null })
  expect(await world.runtime.list()).toEqual([made])
  expect(await other.runtime.list()).toEqual([])
})

test('the same order again answers the container that runs; another is refused while it does', async () => {
  const world = await createRuntimeWorld()
  const order = world.order('sleep 60')
  const first = await world.run(order)

  const again = await world.runtime.create(order)
  const later = world.order('sleep 60', { marks: { ...order.marks, startNo: 2 } })

  expect(again.id).toBe(first.id)
  expect((await world.runtime.start(first.id)).id).toBe(first.id)
  await expect(world.runtime.create(later)).rejects.toMatchObject({ fault: 'failed' })
})

test('a container that has ended is replaced by the next one of its server', async () => {
  const world = await createRuntimeWorld()
  const order = world.order('exit 5')
  const first = await world.run(order)
  const exit = await world.runtime.wait(first.id, AbortSignal.timeout(10_000))

  const second = await world.runtime.create({ ...order, marks: { ...order.marks, startNo: 2 } })

  expect(exit).toMatchObject({ code: 5, oom: false })
  expect(await world.runtime.inspect(first.id)).toBeNull()
  expect(second).toMatchObject({ state: 'created', startedAt: null })
})

test('signals arrive, and neither a signal nor a removal minds that the container is gone', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(
    world.order('trap "echo asked; exit 4" INT; while :; do sleep 0.1; done'),
  )

  await world.runtime.signal(id, 'SIGINT')
  const exit = await world.runtime.wait(id, AbortSignal.timeout(10_000))
  await world.runtime.signal(id, 'SIGKILL')
  await Promise.all([world.runtime.remove(id), world.runtime.remove(id)])
  await world.runtime.signal(id, 'SIGKILL')
  await world.runtime.remove(id)

  expect(exit.code).toBe(4)
  await expect(world.runtime.wait(id, AbortSignal.timeout(5_000))).rejects.toMatchObject({
    fault: 'no_such_container',
  })
})

test('a start that fails is reported in the words of the engine, and leaves no container', async () => {
  const world = await createRuntimeWorld()
  const order = world.order('')
  const { id } = await world.runtime.create(order)
  rmdirSync(order.dataDir)

  const failure = await world.runtime.start(id).catch((error: unknown) => error)

  expect(failure).toMatchObject({ fault: 'failed' })
  expect(String(failure)).toContain(`bind source path does not exist: ${order.dataDir}`)
  expect(await world.runtime.list()).toEqual([])
})

test('a program that is not in the image ends with 127, and the console says why', async () => {
  const world = await createRuntimeWorld()

  const { id } = await world.run(world.order('', { spec: { command: ['no-such-program'] } }))
  const lines = await world.output(id)

  expect(lines.join()).toMatch(/no-such-program failed: No such file/)
  expect((await world.runtime.inspect(id))?.exit?.code).toBe(127)
})

test('an order outside the policy is refused and nothing is made [Q15]', async () => {
  const world = await createRuntimeWorld({ images: ['ghcr.io/acme/*'] })

  const failure = await world.runtime.create(world.order('true')).catch((error: unknown) => error)

  expect(failure).toMatchObject({ fault: 'refused' })
  expect(await world.runtime.list()).toEqual([])
})

test('lines typed reach the process, and typing at one that ended fails', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(
    world.order('while read line; do echo "got $line"; [ "$line" = end ] && exit; done'),
  )
  const lines = listen(world.runtime, id)

  await world.runtime.write(id, 'one\n')
  await untilPrinted(lines, 'got one')
  await world.runtime.write(id, 'two\nthree\n')
  await untilPrinted(lines, 'got three')
  await world.runtime.write(id, 'end\n')
  await world.runtime.wait(id, AbortSignal.timeout(10_000))

  await expect(world.runtime.write(id, 'late\n')).rejects.toMatchObject({
    fault: 'no_such_container',
  })
})

test('a process that does not read its input cannot hold the agent up', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(world.order('sleep 60'))

  const line = `${'x'.repeat(1000)}\n`
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => world.runtime.write(id, line)),
  )

  expect(outcomes).toHaveLength(50)
  expect((await world.runtime.inspect(id))?.state).toBe('running')
})

test('a sample says what a busy server uses', async () => {
  const world = await createRuntimeWorld()
  const order = world.order('head -c 30000000 /dev/zero > /tmp/x; while :; do :; done')
  const { id } = await world.run(order)

  const sample = await until(async () => {
    const taken = await world.runtime.sample(id)
    const isBusy = taken !== null && taken.memoryBytes > 30_000_000 && taken.cpuPercent > 30
    return isBusy && taken
  }, 'a sample with all of it')

  expect(sample.serverId).toBe(order.marks.serverId)
  expect(sample.cpuPercent).toBeLessThan(130)
  expect(sample.memoryBytes).toBeLessThan(60_000_000)
  expect(sample.memoryLimitBytes).toBe(295 * 1024 * 1024)
  expect(sample.uptimeMs).toBeGreaterThan(0)
  expect(sample.uptimeMs).toBeLessThan(60_000)
  await world.runtime.remove(id)
  expect(await world.runtime.sample(id)).toBeNull()
})

test('ends of containers are told at once, with their server', async () => {
  const world = await createRuntimeWorld()
  const events: RuntimeEvent[] = []
  const stop = new AbortController()
  world.runtime.watch((event) => events.push(event), stop.signal)
  const order = world.order('read line')
  const { id } = await world.run(order)

  // The watch may open a moment later than the end would come.
  await world.runtime.write(id, 'go\n')
  const died = await until(() => events.find(({ type }) => type === 'died'), 'the end')
  stop.abort()

  expect(died).toEqual({ type: 'died', containerId: id, serverId: order.marks.serverId })
  expect(events).toHaveLength(1)
})

test('an image that is nowhere fails in the words of whoever was asked', async () => {
  const world = await createRuntimeWorld()
  const image = 'registry.invalid/none:1'
  const signal = AbortSignal.timeout(60_000)

  await expect(world.runtime.pull(image, () => undefined, signal)).rejects.toMatchObject({
    fault: 'image_missing',
    message: expect.stringMatching(/registry\.invalid/),
  })
  await expect(world.runtime.create(world.order('', { spec: { image } }))).rejects.toMatchObject({
    fault: 'image_missing',
    message: 'No such image: registry.invalid/none:1',
  })
})

test('an image that only this machine has is as good as a pulled one', async () => {
  const world = await createRuntimeWorld()
  const said: string[] = []
  const name = 'registry.invalid/local:1'
  await world.docker.getImage('catalyst/test:1').tag({ repo: 'registry.invalid/local', tag: '1' })

  await world.runtime.pull(name, ({ message }) => said.push(message), AbortSignal.timeout(60_000))
  await world.docker.getImage(name).remove()

  expect(said.at(-1)).toMatch(/^Not fetched, the local image is used: .*registry\.invalid/)
  expect(await world.runtime.hasImage(name)).toBe(false)
})

test('an engine that is not there is said so, by every call', async () => {
  const runtime = createDockerRuntime({
    dockerHost: '/tmp/no-such-engine.sock',
    policy: NodePolicy.parse({}),
    owner: 'test',
    clock: systemClock(),
    log: silentLog,
  })
  const calls = [
    () => runtime.list(),
    () => runtime.inspect('x'),
    () => runtime.start('x'),
    () => runtime.pull('x', () => undefined, AbortSignal.timeout(5_000)),
    () => runtime.follow('x', null, () => undefined, AbortSignal.timeout(5_000)),
  ]

  expect(await runtime.facts()).toMatchObject({ engine: null, runc: null })
  for (const call of calls) await expect(call()).rejects.toMatchObject({ fault: 'engine_down' })
})
