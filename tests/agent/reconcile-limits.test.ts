import { expect, test } from 'vitest'
import { type PlanFacts, plan } from '../../agent/servers/reconcile.ts'
import { newMemory, type ServerMemory } from '../../agent/servers/server-memory.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { aContainer, aDesired, aSpec, newServerId, running } from '../support/server-fixtures.ts'

const serverId = newServerId()
const at = '2026-11-24T12:00:00.000Z'
const up = aContainer({ marks: { serverId } })
const spec = aSpec()
const other = { ...spec.limits, memoryMb: spec.limits.memoryMb * 2 }

/** The next step of a server whose start 1 runs. */
function planFor(
  memory: Partial<ServerMemory>,
  { desired, ...facts }: Partial<PlanFacts> & { readonly desired?: Partial<DesiredServer> } = {},
) {
  const fresh = newMemory(serverId, { uid: 2_000_000_001, installed: true, at })
  const runs = {
    containerId: up.id,
    limits: spec.limits,
    start: { incarnation: 0, startNo: 1, bootId: 'boot-1' },
    observed: { ...fresh.observed, state: 'running' as const, startNo: 1 },
  }
  return plan(
    aDesired({ serverId, spec, power: running(1), ...desired }),
    [up],
    { ...fresh, ...runs, ...memory },
    { now: 0, bootId: 'boot-1', laneBusy: false, engineUp: true, overDisk: false, ...facts },
  )
}

test('a server that runs with other limits than are wanted is given those', () => {
  expect(planFor({ limits: other })).toEqual({ do: 'resize', container: up })
  expect(planFor({})).toEqual({ do: 'nothing' })
})

test('limits that nobody noted are left alone, for they may be the same', () => {
  expect(planFor({ limits: null })).toEqual({ do: 'nothing' })
})

test('a server that is about to stop is not given other limits', () => {
  expect(planFor({ limits: other }, { desired: { power: running(2) } }).do).toBe('ask_stop')
})

test('[D9] a server over its limit of the disk is stopped, and not while a command is at it', () => {
  expect(planFor({}, { overDisk: true })).toMatchObject({ do: 'ask_stop', by: 'line' })
  expect(planFor({}, { overDisk: true, laneBusy: true })).toEqual({ do: 'hold' })
})

test('[D9] a stop for the disk goes on when something is deleted in the middle of it', () => {
  const stop = { askedAt: 0, by: 'signal', killedAt: null } as const

  expect(planFor({ stop }, { overDisk: false })).toMatchObject({ do: 'wait' })
})
