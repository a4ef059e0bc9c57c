import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NodePolicy } from '../../../agent/policy.ts'
import { memoryBytes } from '../../../agent/runtime/container-limits.ts'
import { labelsOf, marksFrom } from '../../../agent/runtime/container-marks.ts'
import { containerRequest } from '../../../agent/runtime/container-spec.ts'
import type { ContainerOrder } from '../../../agent/runtime/runtime.ts'
import { ServerSpec } from '../../../contract/protocol/spec.ts'
import { aSpec, newServerId } from '../../support/server-fixtures.ts'

const policy = NodePolicy.parse({})
const mebibyte = 1024 * 1024

function anOrder(change: Partial<ServerSpec> = {}, role: 'server' | 'install' = 'server') {
  const marks = {
    serverId: newServerId(),
    role,
    startNo: 3,
    incarnation: 1,
    generation: 5,
    commandId: null,
  } as const
  return { marks, spec: aSpec(change), dataDir: '/data/servers/x/files', uid: 20_001 }
}

/**
 * Specs that the contract lets through, with words in them that an engine could take for more than
 * text.
 */
const anySpec: fc.Arbitrary<ServerSpec> = fc
  .record({
    name: fc.string({ maxLength: 200 }),
    image: fc.constantFrom(
      'a',
      'docker.io/a/b:c',
      `host/privileged@sha256:${'a'.repeat(64)}`,
      'localhost:5000/x',
    ),
    command: fc.option(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('--privileged', '-v', '/:/host'))),
    ),
    environment: fc.dictionary(
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
      fc.string({ maxLength: 60 }).map((text) => text.replaceAll('\0', '')),
    ),
    ports: fc.array(
      fc.record({
        ip: fc.ipV4(),
        hostPort: fc.integer({ min: 1, max: 65_535 }),
        containerPort: fc.integer({ min: 1, max: 65_535 }),
        protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      }),
      { maxLength: 20 },
    ),
    limits: fc.record({
      memoryMb: fc.integer({ min: 16, max: 16_777_216 }),
      cpuCores: fc.double({ min: 0.05, max: 1024, noNaN: true }),
      diskMb: fc.integer({ min: 16, max: 1_000_000 }),
    }),
    stop: fc.record({
      line: fc.option(fc.string({ maxLength: 512 })),
      signal: fc.constantFrom('SIGTERM' as const, 'SIGKILL' as const, 'SIGINT' as const),
      graceSeconds: fc.integer({ min: 1, max: 3600 }),
    }),
    ready: fc.array(fc.string({ minLength: 1, maxLength: 512 }), { maxLength: 16 }),
    readOnlyRoot: fc.boolean(),
    install: fc.record({
      image: fc.constantFrom('debian', 'ghcr.io/x/y:z'),
      entrypoint: fc.constantFrom('bash', '/bin/ash', '--privileged'),
      script: fc.string(),
    }),
  })
  .map((spec) => ServerSpec.parse(spec))

const allowedHostKeys = [
  ...[
    'CapAdd',
    'CapDrop',
    'CpuPeriod',
    'CpuQuota',
    'Dns',
    'Init',
    'IpcMode',
    'LogConfig',
    'Memory',
  ],
  ...[
    'MemorySwap',
    'Mounts',
    'NetworkMode',
    'OomScoreAdj',
    'PidsLimit',
    'PortBindings',
    'Privileged',
  ],
  ...['ReadonlyRootfs', 'RestartPolicy', 'SecurityOpt', 'Tmpfs', 'Ulimits'],
]

describe('whatever is ordered, a container', () => {
  const anyOrder: fc.Arbitrary<ContainerOrder> = fc
    .tuple(anySpec, fc.constantFrom('server' as const, 'install' as const))
    .map(([spec, role]) => ({ ...anOrder({}, role), spec }))

  test('gets no part of the host: no socket, no namespace, no device, no other folder', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const { HostConfig } = containerRequest(order, policy, 'node')

        expect(Object.keys(HostConfig).sort()).toEqual(allowedHostKeys)
        expect(HostConfig.Privileged).toBe(false)
        expect(HostConfig.IpcMode).toBe('private')
        expect(HostConfig.NetworkMode).toBe(`catalyst-${order.marks.serverId}`)
        expect(new Set(HostConfig.Mounts.map(({ Source }) => Source))).toEqual(
          new Set([order.dataDir]),
        )
        expect(HostConfig.Mounts.every(({ Type }) => Type === 'bind')).toBe(true)
        expect(Object.keys(HostConfig.Tmpfs)).toEqual(['/tmp'])
        expect(JSON.stringify(HostConfig)).not.toContain('docker.sock')
        expect(JSON.stringify(HostConfig.SecurityOpt)).not.toContain('unconfined')
      }),
    )
  })

  test('has at most the few capabilities of an installation, and can gain none', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const { HostConfig, User } = containerRequest(order, policy, 'node')
        const isInstall = order.marks.role === 'install'

        expect(HostConfig.CapDrop).toEqual(['ALL'])
        expect(HostConfig.CapAdd).toEqual(
          isInstall ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] : [],
        )
        expect(HostConfig.SecurityOpt).toEqual(['no-new-privileges'])
        expect(User).toBe(isInstall ? '0:0' : '20001:20001')
      }),
    )
  })

  test('is bounded in memory, swap, processor, processes and log', () => {
    fc.assert(
      fc.property(anyOrder, ({ spec, ...order }) => {
        const { HostConfig } = containerRequest({ ...order, spec }, policy, 'node')

        expect(HostConfig.Memory).toBeGreaterThanOrEqual(spec.limits.memoryMb * mebibyte)
        expect(HostConfig.MemorySwap).toBe(HostConfig.Memory)
        expect(HostConfig.CpuQuota / HostConfig.CpuPeriod).toBeCloseTo(spec.limits.cpuCores, 4)
        expect(HostConfig.CpuQuota).toBeGreaterThanOrEqual(1000)
        expect(HostConfig.PidsLimit).toBe(512)
        expect(HostConfig.RestartPolicy).toEqual({ Name: 'no' })
        expect(HostConfig.LogConfig).toEqual({
          Type: 'local',
          Config: { mode: 'blocking', 'max-size': '10m', 'max-file': '2', compress: 'false' },
        })
      }),
    )
  })
})

describe('a server', () => {
  test('runs its command in its data folder, which images of other panels find as well', () => {
    const order = anOrder({ environment: { SEED: '7' } })

    const request = containerRequest(order, policy, 'node')

    expect(request).toMatchObject({
      WorkingDir: '/data',
      Cmd: ['/game', '--serve'],
      OpenStdin: true,
    })
    expect(request.Entrypoint).toBeUndefined()
    expect(request.Env).toEqual(['HOME=/data', 'SEED=7'])
    expect(request.HostConfig.Mounts.map(({ Target }) => Target)).toEqual([
      '/data',
      '/home/container',
    ])
    expect(request.name).toBe(`catalyst-${order.marks.serverId}`)
  })

  test("without a command runs the image's own, and its own HOME wins", () => {
    const request = containerRequest(
      anOrder({ command: null, environment: { HOME: '/x' } }),
      policy,
      'n',
    )

    expect('Cmd' in request).toBe(false)
    expect(request.Env).toEqual(['HOME=/x'])
  })

  test('publishes a container port on each address that asks for it', () => {
    const one = { ip: '10.0.0.1', hostPort: 20_000, containerPort: 80, protocol: 'tcp' as const }
    const ports = [
      one,
      { ...one, ip: '10.0.0.2', hostPort: 20_001 },
      { ...one, protocol: 'udp' as const },
    ]

    const request = containerRequest(anOrder({ ports }), policy, 'node')

    expect(request.HostConfig.PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '10.0.0.1', HostPort: '20000' },
        { HostIp: '10.0.0.2', HostPort: '20001' },
      ],
      '80/udp': [{ HostIp: '10.0.0.1', HostPort: '20000' }],
    })
    expect(request.ExposedPorts).toEqual({ '80/tcp': {}, '80/udp': {} })
  })
})

describe('an installation', () => {
  const install = { image: 'debian:12', entrypoint: 'bash -e', script: 'echo' }

  test('runs its script as root on a writable root, publishes nothing and reads no input', () => {
    const request = containerRequest(anOrder({ install }, 'install'), policy, 'node')

    expect(request).toMatchObject({
      Image: 'debian:12',
      Entrypoint: ['bash', '-e'],
      Cmd: ['/mnt/install/install.sh'],
      WorkingDir: '/mnt/server',
      OpenStdin: false,
      ExposedPorts: {},
    })
    expect(request.HostConfig).toMatchObject({ ReadonlyRootfs: false, PortBindings: {} })
    expect(request.HostConfig.Mounts.map(({ Target }) => Target)).toEqual(['/data', '/mnt/server'])
  })

  test('has enough memory for a package manager, however small its server is', () => {
    const limits = { memoryMb: 64, cpuCores: 1, diskMb: 64 }

    const request = containerRequest(anOrder({ install, limits }, 'install'), policy, 'node')

    expect(request.HostConfig.Memory).toBe(memoryBytes(1024))
  })

  test('cannot be ordered from a spec that has none', () => {
    expect(() => containerRequest(anOrder({}, 'install'), policy, 'node')).toThrow(/names none/)
  })
})

test('marks survive on a container as labels', () => {
  const { marks } = anOrder({}, 'install')
  const ordered = { ...marks, commandId: '0199c5f0-0000-7000-8000-000000000001' }

  expect(marksFrom(labelsOf('node', marks))).toEqual(marks)
  expect(marksFrom(labelsOf('node', ordered))).toEqual(ordered)
  expect(marksFrom({})).toBeNull()
  expect(marksFrom({ ...labelsOf('node', marks), 'io.catalyst.role': 'other' })).toBeNull()
})
