import { describe, expect, test } from 'vitest'
import type { ContainerView } from '../../agent/runtime/runtime.ts'
import { type PlanFacts, plan } from '../../agent/servers/reconcile.ts'
import { newMemory, type ServerMemory } from '../../agent/servers/server-memory.ts'
import type { DesiredServer, ObservedServer, Power } from '../../contract/protocol/spec.ts'
import {
  aContainer,
  aDesired,
  aSpec,
  newServerId,
  running,
  stopped,
} from '../support/server-fixtures.ts'

const serverId = newServerId()
const at = '2026-11-24T12:00:00.000Z'
const now = 5_000_000

interface Situation {
  readonly power?: Power
  readonly desired?: Partial<DesiredServer>
  readonly containers?: readonly ContainerView[]
  readonly observed?: Partial<ObservedServer>
  readonly memory?: Partial<Omit<ServerMemory, 'observed'>>
  readonly facts?: Partial<PlanFacts>
}

function planFor({ power = stopped, desired, containers, observed, memory, facts }: Situation) {
  const fresh = newMemory(serverId, { uid: 2_000_000_001, installed: true, at })
  return plan(
    aDesired({ serverId, power, ...desired }),
    containers ?? [],
    { ...fresh, ...memory, observed: { ...fresh.observed, ...observed } },
    { now, bootId: 'boot-1', laneBusy: false, engineUp: true, overDisk: false, ...facts },
  )
}

const up = aContainer({ marks: { serverId } })
const ended = aContainer({
  marks: { serverId },
  state: 'exited',
  exit: { code: 0, oom: false, at },
})
const firstStart = { incarnation: 0, startNo: 1, bootId: 'boot-1' }
/** Start 1 runs and is known to. */
const runs = {
  containers: [up],
  observed: { state: 'running', startNo: 1 },
  memory: { containerId: up.id, start: firstStart },
} as const
/** Start 1 has ended and that is known. */
const hasEnded = {
  containers: [ended],
  observed: { state: 'crashed', startNo: 1 },
  memory: { start: firstStart, countedId: ended.id },
} as const

describe('a server that should run', () => {
  test('is started', () => {
    expect(planFor({ power: running(1) })).toEqual({ do: 'start', afterReboot: false })
  })

  test('is left alone while it runs', () => {
    expect(planFor({ power: running(1), ...runs })).toEqual({ do: 'nothing' })
  })

  test('is not started a second time after its process ended', () => {
    expect(planFor({ power: running(1), ...hasEnded })).toEqual({ do: 'nothing' })
  })

  test('is started again by a later start', () => {
    expect(planFor({ power: running(2), ...hasEnded }).do).toBe('start')
  })

  test('is stopped first when a restart is wanted, then started', () => {
    expect(planFor({ power: running(2), ...runs })).toMatchObject({ do: 'ask_stop', by: 'line' })
    expect(planFor({ power: running(2), ...hasEnded }).do).toBe('start')
  })

  test('is refused when it is not installed, and that once', () => {
    const step = planFor({ power: running(1), memory: { installed: false } })
    const after = planFor({
      power: running(1),
      memory: { installed: false, start: firstStart },
    })

    expect(step).toMatchObject({ do: 'refuse', code: 'not_installed' })
    expect(after).toEqual({ do: 'nothing' })
  })

  test('[D2] whose host went down is started once more, with the same number', () => {
    const down = {
      power: running(1),
      containers: [ended],
      observed: { state: 'running', startNo: 1 },
    } as const
    const first = planFor({
      ...down,
      memory: { containerId: ended.id, start: { ...firstStart, bootId: 'boot-0' } },
    })
    const again = planFor({ ...down, memory: { containerId: ended.id, start: firstStart } })

    expect(first).toEqual({ do: 'start', afterReboot: true })
    expect(again.do).toBe('note_exit')
  })

  test('[D2] that had crashed before the host went down stays down', () => {
    const step = planFor({
      power: running(1),
      ...hasEnded,
      memory: { ...hasEnded.memory, start: { ...firstStart, bootId: 'boot-0' } },
    })

    expect(step).toEqual({ do: 'nothing' })
  })

  test('whose start was cut short before its process is started', () => {
    const step = planFor({
      power: running(1),
      observed: { state: 'starting', startNo: 0 },
      memory: { start: firstStart },
    })

    expect(step).toEqual({ do: 'start', afterReboot: false })
  })

  test('that a panel of an older incarnation wants is not what counts', () => {
    const step = planFor({
      power: running(3),
      ...hasEnded,
      memory: { ...hasEnded.memory, start: { incarnation: 1, startNo: 1, bootId: 'boot-1' } },
    })

    expect(step).toEqual({ do: 'nothing' })
  })
})

describe('a server that should not run', () => {
  const asked = { askedAt: now - 1000, by: 'line', killedAt: null } as const

  test('is left alone when it does not', () => {
    expect(planFor({ ...hasEnded })).toEqual({ do: 'nothing' })
  })

  test('is asked by its stop line', () => {
    expect(planFor(runs)).toMatchObject({ do: 'ask_stop', by: 'line' })
  })

  test('is asked by its signal when it has no line', () => {
    const spec = aSpec({ stop: { line: null, signal: 'SIGINT', graceSeconds: 10 } })

    expect(planFor({ ...runs, desired: { spec } })).toMatchObject({ do: 'ask_stop', by: 'signal' })
  })

  test('is waited for until half of its time is over', () => {
    const step = planFor({ ...runs, memory: { ...runs.memory, stop: asked } })

    expect(step).toEqual({ do: 'wait', until: asked.askedAt + 5000 })
  })

  test('gets the signal when the line did not do it', () => {
    const stop = { ...asked, askedAt: now - 5000 }

    expect(planFor({ ...runs, memory: { ...runs.memory, stop } })).toMatchObject({
      do: 'ask_stop',
      by: 'signal',
    })
  })

  test('is killed when its time is over', () => {
    const stop = { ...asked, by: 'signal', askedAt: now - 10_000 } as const

    expect(planFor({ ...runs, memory: { ...runs.memory, stop } }).do).toBe('kill')
  })

  test('is killed again when a kill did not end it', () => {
    const killed = { ...asked, killedAt: now - 9_999 }
    const early = planFor({ ...runs, memory: { ...runs.memory, stop: killed } })
    const late = planFor({
      ...runs,
      memory: { ...runs.memory, stop: { ...killed, killedAt: now - 10_000 } },
    })

    expect(early).toEqual({ do: 'wait', until: now + 1 })
    expect(late.do).toBe('kill')
  })

  test('[D6] is stopped when it is suspended, whatever its power says', () => {
    const step = planFor({ ...runs, power: running(1), desired: { suspended: true } })
    const start = planFor({ power: running(1), desired: { suspended: true } })

    expect(step.do).toBe('ask_stop')
    expect(start).toEqual({ do: 'nothing' })
  })

  test('whose start was cut short is not started', () => {
    const step = planFor({ observed: { state: 'starting' }, memory: { start: firstStart } })

    expect(step).toEqual({ do: 'note_unstarted' })
  })
})

describe('a lane that is busy', () => {
  const facts = { laneBusy: true }

  test.each([
    ['a start', { power: running(1) }],
    ['a stop', runs],
    ['a restart', { power: running(2), ...runs }],
    ['a removal', { desired: { removed: true } }],
  ] as const)('[D1] holds back %s', (_what, situation) => {
    expect(planFor({ ...situation, facts })).toEqual({ do: 'hold' })
  })

  test('[D1] is overtaken by a kill', () => {
    const power = { wanted: 'stopped', startNo: 1, how: 'kill' } as const

    expect(planFor({ ...runs, power, facts }).do).toBe('kill')
  })

  test('[D1] holds back what would say that a process runs which nobody knew of', () => {
    const power = { wanted: 'stopped', startNo: 1, how: 'kill' } as const

    expect(planFor({ power: running(1), containers: [up], facts })).toEqual({ do: 'hold' })
    expect(planFor({ power, containers: [up], facts }).do).toBe('kill')
  })

  test('does not keep an exit from being noted', () => {
    const step = planFor({ ...runs, containers: [ended], facts })

    expect(step.do).toBe('note_exit')
  })
})

describe('what is found', () => {
  test('[D7] a running container that nobody remembers is taken in', () => {
    expect(planFor({ power: running(1), containers: [up] })).toMatchObject({ do: 'note_running' })
  })

  test('[D7] a running container that is remembered as stopped is taken in again', () => {
    const situation = { ...runs, observed: { state: 'stopped', startNo: 1 } } as const

    expect(planFor({ power: running(1), ...situation })).toMatchObject({ do: 'note_running' })
  })

  test('[D4] an exit is noted once', () => {
    const first = planFor({ ...runs, power: running(1), containers: [ended] })
    const second = planFor({ ...hasEnded, power: running(1) })

    expect(first).toMatchObject({ do: 'note_exit', container: { id: ended.id } })
    expect(second).toEqual({ do: 'nothing' })
  })

  test('a container that disappeared while it ran is noted as lost', () => {
    expect(planFor({ ...runs, power: running(1), containers: [] })).toEqual({ do: 'note_lost' })
  })

  test('the container of an installation is none of a server’s', () => {
    const install = aContainer({ marks: { serverId, role: 'install', startNo: 0 } })

    expect(planFor({ containers: [install] })).toEqual({ do: 'nothing' })
  })
})

describe('a server that is to be removed', () => {
  const desired = { removed: true }

  test('is stopped first', () => {
    expect(planFor({ ...runs, power: running(1), desired }).do).toBe('ask_stop')
  })

  test('is removed when nothing runs, and that once', () => {
    const step = planFor({ ...hasEnded, desired })
    const after = planFor({ desired, observed: { state: 'removed' } })

    expect(step).toEqual({ do: 'remove' })
    expect(after).toEqual({ do: 'nothing' })
  })
})

describe('without an engine', () => {
  const facts = { engineUp: false }

  test('a new start fails with a reason instead of waiting', () => {
    expect(planFor({ power: running(1), facts })).toMatchObject({
      do: 'refuse',
      code: 'engine_down',
    })
  })

  test('nothing else is done or taken for gone', () => {
    expect(planFor({ ...runs, power: running(1), containers: [], facts })).toEqual({ do: 'hold' })
    expect(planFor({ ...runs, facts })).toEqual({ do: 'hold' })
  })
})
