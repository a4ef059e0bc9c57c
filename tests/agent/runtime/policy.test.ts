import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allows, fullImageName, NodePolicy, type OrderToCheck } from '../../../agent/policy.ts'
import { PolicyError, readPolicy } from '../../../agent/policy-file.ts'
import { aSpec } from '../../support/server-fixtures.ts'
import { temporaryDir } from '../../support/temporary-dir.ts'

function anOrder(change: Partial<OrderToCheck> = {}): OrderToCheck {
  return { role: 'server', spec: aSpec(), dataDir: '/srv/catalyst/x/files', uid: 20_001, ...change }
}

function policy(change: object = {}): NodePolicy {
  return NodePolicy.parse({ dataRoots: ['/srv/catalyst'], ...change })
}

describe('[Q15] an order within the policy', () => {
  test('is allowed by the default, whatever image it names', () => {
    expect(allows(policy(), anOrder())).toBe(true)
    expect(allows(policy(), anOrder({ spec: aSpec({ image: 'ghcr.io/acme/game:1' }) }))).toBe(true)
  })

  test('names an image that one of the patterns covers', () => {
    const images = ['ghcr.io/acme/*', 'docker.io/library/*', 'itzg/minecraft-server:*', 'exact:1']
    const allowed = (image: string) =>
      allows(policy({ images }), anOrder({ spec: aSpec({ image }) })) === true

    expect(
      ['ghcr.io/acme/a:1', 'debian:12', 'itzg/minecraft-server:java', 'exact:1'].map(allowed),
    ).toEqual([true, true, true, true])
    expect(
      [
        'ghcr.io/acmeevil/a',
        'quay.io/ghcr.io/acme/a',
        'evil/itzg/minecraft-server:x',
        'itzg/other:1',
      ].map(allowed),
    ).toEqual([false, false, false, false])
  })

  test('is judged by the image that it runs: the installation by its own', () => {
    const images = ['docker.io/example/*']
    const install = { image: 'ghcr.io/other/installer', entrypoint: 'sh', script: '' }
    const spec = aSpec({ install })

    expect(allows(policy({ images }), anOrder({ spec }))).toBe(true)
    expect(allows(policy({ images }), anOrder({ spec, role: 'install' }))).toMatch(/ghcr.io\/other/)
  })
})

describe('[Q15] an order outside the policy is refused with what is outside of it', () => {
  const limits = { memoryMb: 4096, cpuCores: 4, diskMb: 9000 }
  const low = { ip: '0.0.0.0', hostPort: 80, containerPort: 80, protocol: 'tcp' as const }
  const cases: [string, object, Partial<OrderToCheck>, RegExp][] = [
    ['port', {}, { spec: aSpec({ ports: [low] }) }, /1024 to 65535, not 80/],
    ['memory', { maximumMemoryMb: 2048 }, { spec: aSpec({ limits }) }, /2048 MB of memory/],
    [
      'swap',
      { maximumSwapMb: 0 },
      { spec: aSpec({ limits: { ...limits, swapMb: 9 } }) },
      /of swap/,
    ],
    ['cpu', { maximumCpuCores: 2 }, { spec: aSpec({ limits }) }, /2 cores of cpu/],
    ['disk', { maximumDiskMb: 5000 }, { spec: aSpec({ limits }) }, /5000 MB of disk/],
    ['root', {}, { uid: 0 }, /user ids from 1000 on, not 0/],
    ['folder', {}, { dataDir: '/etc' }, /files at \/etc/],
    ['the root itself', {}, { dataDir: '/srv/catalyst' }, /files at/],
    ['a detour', {}, { dataDir: '/srv/catalyst/../../etc' }, /files at/],
    ['a neighbour', {}, { dataDir: '/srv/catalyst-evil/x' }, /files at/],
  ]

  test.each(cases)('%s', (_, change, order, reason) => {
    expect(allows(policy(change), anOrder(order))).toMatch(reason)
  })
})

test('a short image name is the one that the engine would ask the usual registry for', () => {
  const names = ['nginx', 'acme/x:1', 'ghcr.io/a/b', 'localhost/x', 'host:5000/x']

  expect(names.map(fullImageName)).toEqual([
    'docker.io/library/nginx',
    'docker.io/acme/x:1',
    'ghcr.io/a/b',
    'localhost/x',
    'host:5000/x',
  ])
})

describe('the policy file', () => {
  const options = { dataRoot: '/var/lib/catalyst', checkOwner: false }
  function fileWith(text: string): string {
    const folder = join(temporaryDir(), 'etc')
    mkdirSync(folder, { mode: 0o755 })
    const file = join(folder, 'policy.json')
    writeFileSync(file, text, { mode: 0o644 })
    return file
  }

  test('may be missing: the default is safe', () => {
    const found = readPolicy(join(temporaryDir(), 'none.json'), options)

    expect(found.egress).toEqual({
      linkLocal: 'deny',
      metadata: 'deny',
      hostAddresses: 'deny',
      privateRanges: 'deny',
      allow: [],
    })
    expect(found).toMatchObject({ dataRoots: ['/var/lib/catalyst'], pidsLimit: 512 })
  })

  test('sets what it names and leaves the rest', () => {
    const file = fileWith('{"maximumMemoryMb": 2048, "egress": {"allow": ["10.0.0.5/32"]}}')

    const found = readPolicy(file, options)

    expect(found).toMatchObject({ maximumMemoryMb: 2048, images: ['*'] })
    expect(found.egress).toMatchObject({ allow: ['10.0.0.5/32'], metadata: 'deny' })
  })

  test.each([
    ['is no JSON', '{', /not JSON/],
    ['has a field that nobody knows', '{"maxMemory": 1}', /maxMemory/],
    ['allows what is no address', '{"egress": {"allow": ["lan"]}}', /egress.allow/],
  ])('stops the agent when it %s', (_, text, reason) => {
    expect(() => readPolicy(fileWith(text), options)).toThrow(PolicyError)
    expect(() => readPolicy(fileWith(text), options)).toThrow(reason)
  })

  test.runIf(process.getuid?.() === 0)('stops the agent when others could have written it', () => {
    const writable = fileWith('{}')
    chmodSync(writable, 0o666)
    const foreign = fileWith('{}')
    chownSync(foreign, 1234, 1234)
    const inOpenFolder = fileWith('{}')
    chmodSync(join(inOpenFolder, '..'), 0o777)
    const checked = { ...options, checkOwner: true }

    expect(readPolicy(fileWith('{}'), checked).images).toEqual(['*'])
    for (const file of [writable, foreign, inOpenFolder]) {
      expect(() => readPolicy(file, checked)).toThrow(/chown root:root/)
    }
  })
})
