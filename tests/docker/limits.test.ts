import { expect, test } from 'vitest'
import { createRuntimeWorld, listen, untilPrinted } from './runtime-world.ts'

const limits = { memoryMb: 64, memoryOverheadPercent: 0, cpuCores: 0.5, diskMb: 64 }

test('a running container is held to other limits, and goes on', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(world.order('echo up; sleep 60', { spec: { limits } }))
  await untilPrinted(listen(world.runtime, id), 'up')

  await world.runtime.resize(id, { ...limits, memoryMb: 128, cpuCores: 1, pids: 100 })

  const { HostConfig, State } = await world.docker.getContainer(id).inspect()
  expect(State.Running).toBe(true)
  expect(HostConfig).toMatchObject({
    Memory: 128 * 1024 * 1024,
    MemorySwap: 128 * 1024 * 1024,
    CpuQuota: 100_000,
    PidsLimit: 100,
  })
})

test('a running container is not held to less memory than it uses', async () => {
  const world = await createRuntimeWorld()
  const { id } = await world.run(
    world.order('head -c 50000000 /dev/zero > /tmp/x; echo full; sleep 60', {
      spec: { limits: { ...limits, memoryMb: 256 } },
    }),
  )
  await untilPrinted(listen(world.runtime, id), 'full')

  const smaller = world.runtime.resize(id, { ...limits, memoryMb: 32 })

  await expect(smaller).rejects.toThrow('It uses more memory now than the new limit allows.')
})

test('a server stays on the cores that it was given', async () => {
  const world = await createRuntimeWorld()
  const script = 'grep Cpus_allowed_list /proc/self/status; sleep 60'

  const { id } = await world.run(
    world.order(script, { spec: { limits: { ...limits, cpuSet: '0' } } }),
  )

  await untilPrinted(listen(world.runtime, id), 'Cpus_allowed_list:\t0')
})

test('the engine’s own way to stop is the image’s signal, or SIGTERM when it names none', async () => {
  const world = await createRuntimeWorld()
  const stop = { line: null, signal: 'STOPSIGNAL', graceSeconds: 10 } as const
  const script = 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done'
  const { id } = await world.run(world.order(script, { spec: { stop } }))
  await untilPrinted(listen(world.runtime, id), 'up')

  await world.runtime.signal(id, stop.signal)

  const exit = await world.runtime.wait(id, AbortSignal.timeout(10_000))
  expect(exit.code).toBe(3)
})

test('a server’s gateway is the address that it reaches the node at', async () => {
  const world = await createRuntimeWorld()
  const order = world.order('ip route | grep default || cat /proc/net/route; sleep 60')

  const before = await world.runtime.gateway(order.marks.serverId)
  const { id } = await world.run(order)

  const { NetworkSettings } = await world.docker.getContainer(id).inspect()
  const [network] = Object.values(NetworkSettings.Networks)
  expect(before).toBe(network?.Gateway)
})
