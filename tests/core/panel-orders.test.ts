import { describe, expect, test } from 'vitest'
import { takeCancel, takeOrder, takePull, takePush } from '../../durable-objects/panel-orders.ts'
import { actor, desired, installOrder, observed, operationNo, serverNo } from './examples.ts'
import { mine, Session, withServer } from './session-driver.ts'

describe('orders of the panel', () => {
  test('[Q8] a server that is gone takes its unsent commands and its waits with it', () => {
    const session = withServer()
    const doomed = desired(mine, 2, { removed: true })
    const waiting = { id: operationNo(5), kind: 'delete', actor } as const
    session.run((turn) => takeOrder(turn, installOrder(mine)))
    session.run((turn) => takePush(turn, { revision: 2, server: doomed, waiting }))
    session.states = { ...session.states, commands: { ...session.states.commands, epoch: null } }
    session.run((turn) => turn.link({ type: 'closed', socketEpoch: 1, reason: '' }))
    const turn = session.run((it) =>
      it.observed({
        type: 'report',
        observed: observed(mine, 'removed'),
        desired: doomed,
        exitKnown: false,
      }),
    )

    const told = turn.effects.flatMap((effect) =>
      effect.type === 'report' && effect.news.type === 'operation.changed'
        ? [effect.news.operation.state]
        : [],
    )
    expect(told).toEqual(['succeeded', 'cancelled'])
    expect(session.states.desired.servers.size).toBe(0)
  })

  test('[L3] what a pull brings is taken in like pushes, and is never a hole', () => {
    const session = new Session()
    const servers = [
      { revision: 7, server: desired(mine, 3), waiting: null },
      { revision: 12, server: desired(serverNo(2), 1), waiting: null },
    ]

    const turn = session.run((it) => takePull(it, 0, { revision: 9, servers, more: false }))

    expect(session.states.desired.revision).toBe(9)
    expect(session.states.desired.servers.size).toBe(2)
    expect(turn.effects.some((effect) => effect.type === 'pull')).toBe(false)
  })

  test('[L3] a pull that has more to tell is followed by another from where it ended', () => {
    const session = new Session()
    const first = { revision: 7, server: desired(mine, 3), waiting: null }

    const turn = session.run((it) => takePull(it, 0, { revision: 7, servers: [first], more: true }))

    expect(session.states.desired.revision).toBe(7)
    expect(turn.effects.filter((effect) => effect.type === 'pull')).toHaveLength(1)
  })

  test('[L3] an answer that says more and leads nowhere is not asked for ever', () => {
    const session = new Session()
    const turn = session.run((it) => takePull(it, 5, { revision: 5, servers: [], more: true }))
    expect(turn.effects.some((effect) => effect.type === 'pull')).toBe(false)
  })

  test('[D1] a late push whose generation was observed already ends at once', () => {
    const session = withServer()
    session.hello()
    session.hear({
      type: 'observed',
      epoch: 1,
      observed: observed(mine, 'stopped', { generation: 1 }),
    })
    const waiting = { id: operationNo(5), kind: 'update', actor } as const

    session.run((turn) => takePush(turn, { revision: 1, server: desired(mine), waiting }))

    expect(session.states.desired.waits.size).toBe(0)
    expect(session.waits.has(waiting.id)).toBe(true)
  })

  test('[Q8] a power click cannot be cancelled, only followed by another', () => {
    const session = withServer()
    const waiting = { id: operationNo(5), kind: 'stop', actor } as const
    session.run((turn) => takePush(turn, { revision: 2, server: desired(mine, 2), waiting }))

    const answer = session.run((turn) => takeCancel(turn, waiting.id)).answer()
    const reused = session.run((turn) => takeOrder(turn, installOrder(mine, waiting))).answer()

    expect(answer).toMatchObject({ ok: false, code: 'not_cancellable' })
    expect(reused).toMatchObject({ ok: false, code: 'idempotency_conflict' })
  })
})
