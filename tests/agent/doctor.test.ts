import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFirewall, checkPolicy, checkRunning } from '../../agent/doctor/machine.ts'
import { judgeClock } from '../../agent/doctor/panel.ts'
import { checkCgroup, checkNode, checkRunc } from '../../agent/doctor/versions.ts'
import { examine, printed } from '../../agent/doctor.ts'
import { lockDirectory } from '../../agent/lock.ts'
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
  test('an agent that works here is seen by its lock', () => {
    const dataDir = temporaryDir()

    const before = checkRunning(dataDir).level
    const unlock = lockDirectory(dataDir)
    const during = checkRunning(dataDir).level
    unlock()

    expect([before, during, checkRunning(dataDir).level]).toEqual(['warn', 'ok', 'warn'])
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
