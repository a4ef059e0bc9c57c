import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { createRuntimeWorld, uid } from './runtime-world.ts'

/** A field of the kernel's status file among lines of output. */
function status(lines: readonly string[], name: string): string | undefined {
  const row = lines.find((line) => line.startsWith(`${name}:`))
  return row?.slice(name.length + 1).trim()
}

test('a server has no capability, cannot gain any, and is filtered by seccomp', async () => {
  const world = await createRuntimeWorld()

  const { id } = await world.run(world.order('cat /proc/self/status'))
  const lines = await world.output(id)

  expect(status(lines, 'CapEff')).toBe('0000000000000000')
  expect(status(lines, 'CapBnd')).toBe('0000000000000000')
  expect(status(lines, 'NoNewPrivs')).toBe('1')
  expect(status(lines, 'Seccomp')).toBe('2')
  expect(status(lines, 'Uid')).toBe([uid, uid, uid, uid].join('\t'))
  expect(status(lines, 'Gid')).toBe([uid, uid, uid, uid].join('\t'))
})

test('a server writes to its data and to a small /tmp, and to nothing else', async () => {
  const world = await createRuntimeWorld({ tmpMb: 5 })
  const order = world.order(
    'touch /data/kept && ls /home/container; touch /usr/bin/x; echo root $?;' +
      'dd if=/dev/zero of=/tmp/big bs=1M count=9 2>/dev/null; wc -c < /tmp/big;' +
      'echo > /proc/sys/kernel/hostname; grep " /tmp " /proc/mounts; echo home $HOME $(pwd)',
  )

  const { id } = await world.run(order)
  const lines = await world.output(id)

  expect(lines).toContain('kept')
  expect(lines).toContain('root 1')
  expect(lines).toContain('5242880')
  expect(lines.join('\n')).toMatch(/can't create \/proc\/sys\/kernel\/hostname/)
  expect(lines.find((line) => line.startsWith('tmpfs'))).toMatch(/nosuid,nodev/)
  expect(lines).toContain('home /data /data')
  expect(readFileSync(`${order.dataDir}/kept`, 'utf8')).toBe('')
})

test('a server can neither mount, nor make namespaces, nor open raw sockets, nor see devices', async () => {
  const world = await createRuntimeWorld()

  const { id } = await world.run(
    world.order(
      'mount -t tmpfs none /data; echo mount $?; unshare -U true; echo unshare $?;' +
        'ping -c 1 -W 1 127.0.0.1; echo ping $?; mknod /tmp/sda b 8 0; echo mknod $?;' +
        'ls /var/run/docker.sock; echo socket $?; ls /dev',
    ),
  )
  const lines = await world.output(id)

  for (const what of ['mount', 'unshare', 'ping', 'mknod', 'socket']) {
    expect(lines, what).not.toContain(`${what} 0`)
  }
  expect(lines).not.toContain('sda')
})

test('a fork bomb stops at the limit of processes, and the node goes on', async () => {
  const world = await createRuntimeWorld({ pidsLimit: 40 })

  const { id } = await world.run(world.order('for i in $(seq 1 100); do sleep 5 & done; echo done'))
  const lines = await world.output(id)

  expect(lines.join('\n')).toMatch(/can't fork/)
  expect((await world.runtime.inspect(id))?.state).toBe('exited')
})

test('a server that takes more memory than it may ends with 137 and says so', async () => {
  const world = await createRuntimeWorld()
  const limits = { memoryMb: 32, cpuCores: 1, diskMb: 64 }

  const { id } = await world.run(world.order('exec tail /dev/zero', { spec: { limits } }))
  const exit = await world.runtime.wait(id, AbortSignal.timeout(30_000))

  expect(exit).toMatchObject({ code: 137, oom: true })
})

test('a server gets no more of the processor than it may', async () => {
  const world = await createRuntimeWorld()
  const limits = { memoryMb: 32, cpuCores: 0.2, diskMb: 64 }
  const { id } = await world.run(world.order('while :; do :; done', { spec: { limits } }))

  const busy = await until(async () => {
    const sample = await world.runtime.sample(id)
    return sample !== null && sample.uptimeMs > 1_000 && sample.cpuPercent
  }, 'a sample')

  expect(busy).toBeGreaterThan(10)
  expect(busy).toBeLessThan(30)
})

test('an installation is root over its files, without the rights to leave its container', async () => {
  const world = await createRuntimeWorld()
  const install = {
    image: 'catalyst/test:1',
    entrypoint: 'busybox sh',
    script:
      'grep -E "Cap|NoNew" /proc/self/status\r\necho hi > /mnt/server/a; chown 5:6 /mnt/server/a\r\n' +
      'ls -ln /data/a; echo $0; touch /usr/bin/x; echo root $?; mount -t tmpfs none /mnt; echo mount $?; exit 3',
  }

  const order = world.order('', { spec: { install }, marks: { role: 'install', startNo: 0 } })
  const { id } = await world.run(order)
  const lines = await world.output(id)
  const exit = await world.runtime.wait(id, AbortSignal.timeout(10_000))

  // CHOWN, DAC_OVERRIDE, FOWNER, SETGID and SETUID are the bits 0, 1, 3, 6 and 7.
  expect(status(lines, 'CapEff')).toBe('00000000000000cb')
  expect(status(lines, 'CapBnd')).toBe('00000000000000cb')
  expect(status(lines, 'NoNewPrivs')).toBe('1')
  expect(lines.find((line) => line.endsWith('/data/a'))).toMatch(/\b5\s+6\b/)
  expect(lines).toContain('/mnt/install/install.sh')
  expect(lines).toContain('root 0')
  expect(lines).not.toContain('mount 0')
  expect(exit.code).toBe(3)
})
