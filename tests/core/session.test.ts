import { describe, expect, test } from 'vitest'
import { type FromAgent, linkTimers } from '../../contract/protocol/frames.ts'
import type { LiveFrame } from '../../durable-objects/agent-session.ts'
import { takeOrder } from '../../durable-objects/panel-orders.ts'
import { host, installOrder, observed, operationNo, runtime } from './examples.ts'
import { foreign, framesOf, line, mine, withServer } from './session-driver.ts'

const later = '9999-12-31T23:59:59.999Z'

describe('a welcome', () => {
  test('[N3] [D1] [C2] [Q3] gives the agent everything it needs, in this order', () => {
    const session = withServer()
    session.newest = 41
    session.watchedNow = [mine, foreign]
    session.run((turn) => takeOrder(turn, installOrder(mine)))

    const frames = framesOf(session.hello())

    expect(frames.map((frame) => frame.type)).toEqual([
      'welcome',
      'desired',
      'desired_end',
      'console_from',
      'watch',
      'command',
      'welcome_end',
    ])
    expect(frames[0]).toMatchObject({ epoch: 1, low: 1, proto: 1, timers: linkTimers })
    expect(frames[3]).toMatchObject({ after: { [mine]: 41 } })
    expect(frames[4]).toMatchObject({ serverIds: [mine] })
  })

  test('[L3] makes the object pull, after the agent was served', () => {
    const effects = withServer().hello()

    expect(effects.at(-1)).toEqual({ type: 'pull' })
  })

  test('[N3] a hello that is refused is sent nothing else', () => {
    const session = withServer()
    session.hello(5)

    const effects = session.hello(5)

    expect(framesOf(effects)).toEqual([])
  })
})

describe('frames', () => {
  const frames: Record<Exclude<FromAgent['type'], 'hello'>, LiveFrame> = {
    accepted: { type: 'accepted', epoch: 1, id: operationNo(1), seq: 1 },
    progress: {
      type: 'progress',
      epoch: 1,
      id: operationNo(1),
      progress: { percent: 1, bytes: null, message: null },
      log: [],
    },
    done: {
      type: 'done',
      epoch: 1,
      id: operationNo(1),
      seq: 1,
      result: { outcome: 'succeeded', code: null, message: null },
    },
    observed: { type: 'observed', epoch: 1, observed: observed(mine, 'running') },
    observed_end: { type: 'observed_end', epoch: 1 },
    console: { type: 'console', epoch: 1, serverId: mine, lines: [line(1)] },
    stats: { type: 'stats', epoch: 1, samples: [] },
    runtime: { type: 'runtime', epoch: 1, host, runtime },
    reply: {
      type: 'reply',
      epoch: 1,
      callId: operationNo(9),
      reply: { ok: false, message: 'no' },
    },
  }

  test.each(Object.values(frames))('[N4] $type of an older epoch changes nothing', (frame) => {
    const session = withServer()
    session.hello(1)
    session.run((turn) => takeOrder(turn, installOrder(mine, { id: operationNo(1) })))
    session.hello(2)
    const before = session.states

    const effects = session.hear(frame, 1)

    expect(effects).toEqual([{ type: 'fence', epoch: 1, current: 2 }])
    expect(session.states).toEqual(before)
  })

  test('[N9] an agent has taken in nothing newer than what it was sent, and seen nothing to come', () => {
    const session = withServer()
    session.hello()
    const liar = { incarnation: 7, generation: 99, at: later, startedAt: later } as const

    session.hear({ type: 'observed', epoch: 1, observed: observed(mine, 'running', liar) })

    const now = new Date(session.now).toISOString()
    expect(session.states.observed.servers.get(mine)?.observed).toMatchObject({
      ...{ incarnation: 0, generation: 1 },
      ...{ state: 'running', at: now, startedAt: now },
    })
  })

  test('[N9] an agent can only speak of servers of its own node', () => {
    const session = withServer()
    session.hello()
    const before = session.states

    const effects = [
      ...session.hear({ type: 'observed', epoch: 1, observed: observed(foreign, 'running') }),
      ...session.hear({ type: 'console', epoch: 1, serverId: foreign, lines: [line(1)] }),
      ...session.hear({
        type: 'stats',
        epoch: 1,
        samples: [
          {
            serverId: foreign,
            at: '2026-01-01T00:00:00.000Z',
            cpuPercent: 1,
            memoryBytes: 1,
            memoryLimitBytes: 1,
            networkRxBytes: 1,
            networkTxBytes: 1,
            diskBytes: null,
            uptimeMs: 1,
          },
        ],
      }),
    ]

    expect(effects).toEqual([])
    expect(session.states).toEqual(before)
  })

  test('[C2] console lines are kept and shown once; what is known is dropped', () => {
    const session = withServer()
    session.hello()
    session.newest = 4

    const effects = session.hear({
      type: 'console',
      epoch: 1,
      serverId: mine,
      lines: [line(4), line(5)],
    })

    expect(effects).toEqual([
      { type: 'save_console', serverId: mine, lines: [line(5)] },
      { type: 'show', serverId: mine, frame: { type: 'console', lines: [line(5)] } },
    ])
    expect(session.hear(frames.console)).toEqual([])
  })

  test('what is known of host and engine is reported when it changes, and only then', () => {
    const session = withServer()
    session.hello()
    session.known = JSON.stringify({ host, runtime })

    expect(session.hear(frames.runtime)).toEqual([])
    expect(
      session.hear({ type: 'runtime', epoch: 1, host, runtime: { ...runtime, engine: null } }),
    ).toMatchObject([{ type: 'save_facts' }, { news: { type: 'node.runtime' } }])
  })
})
