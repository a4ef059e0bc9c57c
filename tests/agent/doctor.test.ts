import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFirewall, checkPolicy, checkRunning } from '../../agent/doctor/machine.ts'
import { judgeClock } from '../../agent/doctor/panel.ts'
import { checkCgroup, checkNode, checkRunc } from '../../agent/doctor/versions.ts'
import { examine, printed } from '../../agent/doctor.ts'
import { lockDirectory, writerOf } from '../../agent/lock.ts'
import { warningsOf } from '../../agent/runtime/docker-facts.ts'
import { RuntimeError } from '../../agent/runtime/runtime.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

describe('versions', () => {
  test.each([
    ['22.15.0', 'ok'],
    ['v24.21.0', 'ok'],
    ['22.14.9', 'fail'],
    ['20.19.0', 'fail'],
  ])('Node.js %s: %s', (version, level) => {
    expect(checkNode(version).level).toBe(level)
  })

  test.each([
    ['1.1.5', 'warn'],
    ['1.1.12', 'warn'],
    ['1.2.7', 'warn'],
    ['1.2.8', 'ok'],
    ['1.3.2', 'warn'],
    ['1.3.3', 'ok'],
    ['1.4.0', 'ok'],
    ['1.3.3-rc93+dev', 'ok'],
    [null, 'warn'],
  ])('runc %s: %s', (version, level) => {
    expect(checkRunc(version).level).toBe(level)
  })

  test('cgroup v2 is better than v1', () => {
    expect([checkCgroup('v2').level, checkCgroup('v1').level]).toEqual(['ok', 'warn'])
  })
})

describe('the machine', () => {
  test('an agent that works here is seen by its lock, however it was started', () => {
    const dataDir = temporaryDir()

    const before = checkRunning(dataDir, 'start it')
    const unlock = lockDirectory(dataDir)
    const during = checkRunning(dataDir, 'start it')
    unlock()
    const after = checkRunning(dataDir, 'start it')

    expect([before.level, during.level, after.level]).toEqual(['warn', 'ok', 'warn'])
    expect(during.text).toBe(`Process ${process.pid} works in ${dataDir}`)
    expect(after.text).toContain('Start it: start it')
  })

  test('looking for an agent takes nothing that one needs which starts just then', () => {
    const dataDir = temporaryDir()

    checkRunning(dataDir, 'start it')

    expect(readdirSync(dataDir)).toEqual([])
  })

  test('whoever only reads a file is not taken for the holder of its lock', () => {
    const locks = [
      '1: POSIX  ADVISORY  READ 800 fe:00:1234 128 128',
      '2: POSIX  ADVISORY  WRITE 801 fe:00:12345 0 EOF',
      '3: POSIX  ADVISORY  WRITE 802 fe:00:1234 1073741824 1073742335',
    ].join('\n')

    expect([writerOf(1234, locks), writerOf(12345, locks), writerOf(99, locks)]).toEqual([
      802,
      801,
      null,
    ])
  })

  test('a firewall tool is looked for', () => {
    const folder = temporaryDir()

    const without = checkFirewall([folder]).level
    writeFileSync(join(folder, 'nft'), '')

    expect([without, checkFirewall([folder]).level]).toEqual(['warn', 'ok'])
  })

  test('a policy file that is nonsense is a failure, none at all is not', () => {
    const folder = join(temporaryDir(), 'etc')
    mkdirSync(folder, { mode: 0o755 })
    const file = join(folder, 'policy.json')

    const none = checkPolicy(file, '/var/lib/catalyst').level
    writeFileSync(file, '{"image": ["*"]}')

    expect([none, checkPolicy(file, '/var/lib/catalyst').level]).toEqual(['ok', 'fail'])
  })

  test('a clock that differs from the panel’s is warned of', () => {
    const askedAt = Date.parse('2026-11-24T12:00:00Z')

    const right = judgeClock({ status: 200, date: askedAt - 900, askedAt })
    const wrong = judgeClock({ status: 200, date: askedAt - 95_000, askedAt })

    expect(right.level).toBe('ok')
    expect(wrong).toMatchObject({ level: 'warn', text: expect.stringContaining('94 s') })
  })
})

test('an examination finds everything at once, and changes nothing', async () => {
  const dataDir = join(temporaryDir(), 'not', 'there')

  const findings = await examine({
    nodeVersion: '24.21.0',
    start: 'start it',
    dataDir,
    policyFile: join(dataDir, 'policy.json'),
    panel: 'http://127.0.0.1:9',
    runtime: {
      facts: () => Promise.reject(new RuntimeError('engine_down', 'connect ENOENT docker.sock')),
    },
    now: Date.now,
  })

  const levels = Object.fromEntries(findings.map(({ name, level }) => [name, level]))
  expect(levels).toMatchObject({ node: 'ok', engine: 'fail', panel: 'fail', joined: 'warn' })
  expect(printed(findings)).toMatch(/^FAIL {2}engine .*docker\.sock/m)
})

test('an engine is spoken of once, by the line that it belongs to', async () => {
  const findings = await examine({
    nodeVersion: '24.21.0',
    start: 'start it',
    dataDir: temporaryDir(),
    policyFile: '/nowhere/policy.json',
    panel: null,
    runtime: {
      facts: async () => ({
        engine: { name: 'Docker', version: '20.10.24' },
        runc: '1.1.5',
        cgroup: 'v1',
        warnings: warningsOf('1.1.5', { SwapLimit: false }),
      }),
    },
    now: Date.now,
  })

  const ofEngine = findings.filter(({ name }) => ['engine', 'runc', 'cgroup'].includes(name))
  expect(ofEngine.map(({ level, name }) => `${level} ${name}`)).toEqual([
    'ok engine',
    'warn runc',
    'warn cgroup',
    'warn engine',
  ])
})
