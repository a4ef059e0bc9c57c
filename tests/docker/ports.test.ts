import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { PortBinding } from '../../contract/protocol/spec.ts'
import { until } from '../support/until.ts'
import { createRuntimeWorld, freePort, listen, untilPrinted } from './runtime-world.ts'

function binding(hostPort: number, change: Partial<PortBinding> = {}): PortBinding {
  return { ip: '127.0.0.1', hostPort, containerPort: 7777, protocol: 'tcp', ...change }
}

/** The page that a server of the test serves, once it listens. */
function pageOf(address: string): Promise<string> {
  return until(
    () =>
      fetch(`http://${address}/a`)
        .then((answer) => answer.text())
        .catch(() => null),
    `an answer at ${address}`,
  )
}

test('published ports answer on tcp and udp, and the view says which were bound', async () => {
  const world = await createRuntimeWorld()
  const port = await freePort()
  const ports = [binding(port), binding(port, { protocol: 'udp' })]
  const script =
    'echo hello > /data/a; busybox httpd -p 7777 -h /data;' +
    // A datagram for which nobody listens is counted as such: it has arrived.
    'while sleep 0.1; do grep "^Udp:" /proc/net/snmp | tail -n 1; done'
  const server = await world.run(world.order(script, { spec: { ports } }))
  const lines = listen(world.runtime, server.id)
  const page = await pageOf(`127.0.0.1:${port}`)
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  await until(async () => {
    socket.send('over udp\n', port, '127.0.0.1')
    return lines.some(({ text }) => Number(text.split(' ')[2]) > 0)
  }, 'a datagram to arrive')

  expect(page).toBe('hello\n')
  expect(server.ports).toHaveLength(2)
  expect(server.ports).toEqual(expect.arrayContaining(ports))
})

test('additional ports answer, each at the port of the container that it leads to, on IPv6 too', async () => {
  const world = await createRuntimeWorld()
  const [primary, other] = [await freePort(), await freePort()]
  const ports = [
    binding(primary),
    binding(other, { containerPort: 27_015 }),
    binding(other, { containerPort: 27_015, ip: '::1' }),
  ]
  const script =
    'mkdir -p /data/one /data/two; echo one > /data/one/a; echo two > /data/two/a;' +
    'busybox httpd -p 7777 -h /data/one; busybox httpd -f -p 27015 -h /data/two'

  const server = await world.run(world.order(script, { spec: { ports } }))

  expect(server.ports).toHaveLength(3)
  expect(server.ports).toEqual(expect.arrayContaining(ports))
  expect(await pageOf(`127.0.0.1:${primary}`)).toBe('one\n')
  expect(await pageOf(`127.0.0.1:${other}`)).toBe('two\n')
  expect(await pageOf(`[::1]:${other}`)).toBe('two\n')
})

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['127.0.0.1', '0.0.0.0'],
  ['::', '::1'],
])('a port on %s is in the way of the same on %s', async (first, second) => {
  const world = await createRuntimeWorld()
  const port = await freePort()
  const order = (ip: string) =>
    world.order('sleep 60', { spec: { ports: [binding(port, { ip })] } })
  await world.run(order(first))

  const { id } = await world.runtime.create(order(second))

  await expect(world.runtime.start(id)).rejects.toMatchObject({ fault: 'port_in_use' })
})

test('a port on one address, or for one protocol, leaves the others free', async () => {
  const world = await createRuntimeWorld()
  const port = await freePort()
  const places = [
    binding(port),
    binding(port, { ip: '127.0.0.2' }),
    binding(port, { ip: '::1' }),
    binding(port, { protocol: 'udp' }),
  ]

  for (const place of places) {
    const { ports } = await world.run(world.order('sleep 60', { spec: { ports: [place] } }))
    expect(ports).toEqual([place])
  }
})

test('a port that another container has is named with its owner, and nothing is left behind', async () => {
  const world = await createRuntimeWorld()
  const ports = [binding(await freePort())]
  const first = world.order('sleep 60', { spec: { ports } })
  await world.run(first)
  const second = await world.runtime.create(world.order('sleep 60', { spec: { ports } }))

  const failure = await world.runtime.start(second.id).catch((error: unknown) => error)

  expect(failure).toMatchObject({ fault: 'port_in_use' })
  expect(String(failure)).toContain(
    `Port ${ports[0]?.hostPort}/tcp is used by the container catalyst-${first.marks.serverId}.`,
  )
  expect(String(failure)).toContain('port is already allocated')
  expect(await world.runtime.inspect(second.id)).toBeNull()
})

test('a port that a process of the node has is named with it, on tcp and on udp', async () => {
  const world = await createRuntimeWorld()
  const holder = createServer().listen(0, '127.0.0.1')
  const datagrams = createSocket('udp4').bind(0, '127.0.0.1')
  onTestFinished(() => {
    holder.close()
    datagrams.close()
  })
  await Promise.all([once(holder, 'listening'), once(datagrams, 'listening')])
  const address = holder.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const taken = [binding(address.port), binding(datagrams.address().port, { protocol: 'udp' })]

  for (const port of taken) {
    const order = world.order('sleep 60', { spec: { ports: [port] } })
    const { id } = await world.runtime.create(order)
    const failure = await world.runtime.start(id).catch((error: unknown) => error)

    expect(failure).toMatchObject({ fault: 'port_in_use' })
    expect(String(failure)).toContain(`Port ${port.hostPort}/${port.protocol} is used by `)
    expect(String(failure)).toContain(`(pid ${process.pid})`)
    expect(await world.runtime.inspect(id)).toBeNull()
  }
})

test('after a conflict the same port can be had when it is free', async () => {
  const world = await createRuntimeWorld()
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const order = world.order('echo up; sleep 60', { spec: { ports: [binding(address.port)] } })
  const refused = await world.runtime.create(order)
  await expect(world.runtime.start(refused.id)).rejects.toMatchObject({ fault: 'port_in_use' })

  holder.close()
  await once(holder, 'close')
  const server = await world.run(order)

  await untilPrinted(listen(world.runtime, server.id), 'up')
  expect(server.ports).toEqual([binding(address.port)])
})
