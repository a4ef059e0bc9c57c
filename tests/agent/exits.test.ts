import { describe, expect, test } from 'vitest'
import { describeExit, exitOf, stateAfter, unknownExitCode } from '../../agent/servers/exits.ts'
import { newMemory } from '../../agent/servers/server-memory.ts'
import { aContainer, newServerId } from '../support/server-fixtures.ts'

const serverId = newServerId()
const startedAt = '2026-11-24T12:00:00.123456789Z'
const endedAt = '2026-11-24T12:00:42.623456789Z'
const now = Date.parse('2026-11-24T12:01:00Z')
const memory = newMemory(serverId, { uid: 2_000_000_001, installed: true, at: startedAt })

function ended(code: number, oom = false) {
  return aContainer({
    marks: { serverId, startNo: 4 },
    state: 'exited',
    startedAt,
    exit: { code, oom, at: endedAt },
  })
}

describe('an exit', () => {
  test('[D4] is keyed by its start and says how long the process was up', () => {
    expect(exitOf(ended(3), memory, now)).toEqual({
      startNo: 4,
      code: 3,
      signal: null,
      oom: false,
      expected: false,
      at: '2026-11-24T12:00:42.623Z',
      uptimeMs: 42_500,
    })
  })

  test.each([
    [137, 'SIGKILL'],
    [143, 'SIGTERM'],
    [139, 'SIGSEGV'],
    [134, 'SIGABRT'],
    [130, 'SIGINT'],
    [1, null],
    [128, null],
    [255, null],
  ])('with code %i came by %s', (code, signal) => {
    expect(exitOf(ended(code), memory, now).signal).toBe(signal)
  })

  test('[D4] that was asked for is expected', () => {
    const stop = { askedAt: 1, by: 'signal', killedAt: null } as const

    expect(exitOf(ended(143), { ...memory, stop }, now).expected).toBe(true)
  })

  test('[D4] that follows the typed stop command is expected, one long after it is not', () => {
    const before = { ...memory, typedStopUntil: Date.parse(endedAt) + 1 }
    const after = { ...memory, typedStopUntil: Date.parse(endedAt) - 1 }

    expect(exitOf(ended(1), before, now).expected).toBe(true)
    expect(exitOf(ended(1), after, now).expected).toBe(false)
  })

  test('of a container that is gone is not made up', () => {
    const observed = { ...memory.observed, startNo: 9, startedAt }

    expect(exitOf(null, { ...memory, observed }, now)).toMatchObject({
      startNo: 9,
      code: unknownExitCode,
      signal: null,
      at: '2026-11-24T12:01:00.000Z',
    })
  })
})

test.each([
  [0, false, 'stopped'],
  [0, true, 'stopped'],
  [143, true, 'stopped'],
  [1, false, 'crashed'],
  [137, false, 'crashed'],
])('[D4] code %i, expected %s, leaves the server %s', (code, expected, state) => {
  const exit = { ...exitOf(ended(code), memory, now), expected }

  expect(stateAfter(exit)).toBe(state)
})

test('an exit is described in words', () => {
  const words = (code: number, oom = false) => describeExit(exitOf(ended(code, oom), memory, now))

  expect(words(139)).toBe('Crashed with code 139 (SIGSEGV).')
  expect(words(0)).toBe('Ended with code 0.')
  expect(words(137, true)).toMatch(/too much memory/)
  expect(words(unknownExitCode)).toMatch(/nobody saw/)
})
