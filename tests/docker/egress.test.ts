import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../support/until.ts'
import { createRuntimeWorld, freePort, listen, type RuntimeWorld } from './runtime-world.ts'

/** An address of this machine that is not the loopback. */
function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (found === undefined) throw new Error('this machine has no network')
  return found.address
}

/** A listener on every address of this machine. */
async function hostListener(): Promise<number> {
  const server = createServer((socket) => socket.end('host\n')).listen(0, '0.0.0.0')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** What a container gets from each target: what was answered, or `refused`. */
async function reach(world: RuntimeWorld, targets: readonly string[]): Promise<string[]> {
  const tries = targets.map((target) => {
    const [host, port] = target.split(':')
    return `nc -w 3 ${host} ${port} </dev/null 2>/dev/null || echo refused`
  })
  const { id } = await world.run(world.order(tries.join(';')))
  return world.output(id)
}

/** Packets that a rule of ours with this comment has refused. */
function refusedBy(comment: string): number {
  const rules = execFileSync('iptables', ['-w', '-vnxL', 'CATALYST-FORWARD'], { encoding: 'utf8' })
  const counts = rules.split('\n').filter((rule) => rule.includes(`/* catalyst ${comment} */`))
  return counts.reduce((sum, rule) => sum + Number(rule.trim().split(/\s+/)[0]), 0)
}

test('a container reaches neither the node, nor metadata, nor private networks', async () => {
  const world = await createRuntimeWorld()
  const port = await hostListener()
  const gateway = '$(ip route | sed -n "s/default via \\([0-9.]*\\).*/\\1/p")'

  const answers = await reach(world, [
    `${hostAddress()}:${port}`,
    `${gateway}:${port}`,
    '172.17.0.1:22',
    '169.254.169.254:80',
    '169.254.7.7:80',
    '10.11.12.13:80',
    '192.168.7.7:80',
  ])

  expect(answers).toEqual(Array.from({ length: 7 }, () => 'refused'))
})

test('it is our rules that refuse, each range its own', async () => {
  const world = await createRuntimeWorld()
  await reach(world, ['127.0.0.1:1'])
  const ranges = {
    metadata: '169.254.169.254',
    'link-local': '169.254.7.7',
    private: '10.11.12.13',
  }

  for (const [name, address] of Object.entries(ranges)) {
    const before = refusedBy(name)
    await reach(world, [`${address}:80`])

    expect(refusedBy(name), name).toBeGreaterThan(before)
  }
})

test('what the policy allows is reached', async () => {
  const port = await hostListener()
  const target = `${hostAddress()}:${port}`
  const open = await createRuntimeWorld({ egress: { hostAddresses: 'allow' } })
  expect(await reach(open, [target])).toEqual(['host'])

  const listed = await createRuntimeWorld({ egress: { allow: [`${hostAddress()}/32`] } })
  expect(await reach(listed, [target])).toEqual(['host'])
})

test('a container speaks IPv4 only, so there is no other way around the rules', async () => {
  const world = await createRuntimeWorld()

  const { id } = await world.run(world.order('grep -v " lo$" /proc/net/if_inet6; echo end'))

  expect(await world.output(id)).toEqual(['end'])
})

test('an installation is kept in as well', async () => {
  const world = await createRuntimeWorld()
  const port = await hostListener()
  const script = `nc -w 3 ${hostAddress()} ${port} </dev/null 2>/dev/null || echo refused`
  const install = { image: 'catalyst/test:1', entrypoint: 'busybox sh', script }

  const { id } = await world.run(world.order('', { spec: { install }, marks: { role: 'install' } }))

  expect(await world.output(id)).toEqual(['refused'])
})

test('two servers do not reach each other, by address or by published port', async () => {
  const world = await createRuntimeWorld()
  const port = await freePort()
  const ports = [{ ip: '0.0.0.0', hostPort: port, containerPort: 7777, protocol: 'tcp' as const }]
  const script =
    'echo secret > /data/a; ip -4 addr show eth0; exec busybox httpd -f -p 7777 -h /data'
  const server = await world.run(world.order(script, { spec: { ports } }))
  const lines = listen(world.runtime, server.id)
  const address = await until(
    () => lines.map(({ text }) => /inet ([0-9.]+)/.exec(text)?.[1]).find(Boolean),
    "the server's address",
  )
  const outside = await until(
    () =>
      fetch(`http://${hostAddress()}:${port}/a`)
        .then((answer) => answer.text())
        // It may not listen yet.
        .catch(() => null),
    'an answer',
  )

  const answers = await reach(world, [`${address}:7777`, `${hostAddress()}:${port}`])

  expect(outside).toBe('secret\n')
  expect(answers).toEqual(['refused', 'refused'])
})

test('thirty-five servers have a network each, and all of it goes with them', async () => {
  const world = await createRuntimeWorld()
  const orders = Array.from({ length: 35 }, () => world.order('true'))

  await Promise.all(orders.map((order) => world.runtime.create(order)))
  const label = [`io.catalyst.owner=${world.owner}`]
  const networks = await world.docker.listNetworks({ filters: { label } })
  const subnets = networks.map(({ IPAM }) => IPAM?.Config?.[0]?.Subnet)
  await Promise.all((await world.runtime.list()).map(({ id }) => world.runtime.remove(id)))
  await Promise.all(orders.map(({ marks }) => world.runtime.forget(marks.serverId)))

  expect(new Set(subnets).size).toBe(35)
  expect(subnets.every((subnet) => /^10\.213\.\d+\.\d+\/28$/.test(String(subnet)))).toBe(true)
  expect(await world.docker.listNetworks({ filters: { label } })).toEqual([])
})
