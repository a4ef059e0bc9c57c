import { describe, expect, test } from 'vitest'
import { desired } from './examples.ts'
import { Plan, running, server, stopped, waiting } from './plan-driver.ts'

describe('operations that wait', () => {
  test.each(['starting', 'running'] as const)(
    '[D1] a start ends when its start is seen %s',
    (state) => {
      const plan = new Plan()
      plan.push(1, desired(server, 5, running(3)), waiting(1, 'start'))
      plan.observe('stopped', { generation: 4, startNo: 2 })
      plan.observe('running', { generation: 4, startNo: 2 })
      plan.observe('stopped', { generation: 5, startNo: 2 })
      const before = plan.statesOf(1)
      plan.observe(state, { generation: 5, startNo: 3 })

      expect(before).toEqual(['queued', 'running'])
      expect(plan.statesOf(1)).toEqual(['queued', 'running', 'succeeded'])
      expect(plan.reports.at(-1)?.message).toBe('Process started')
    },
  )

  test('[D1] a start fails by the problem of its own start, not by an older one', () => {
    const plan = new Plan()
    const problem = { code: 'image_missing', message: 'no such image', startNo: 2 } as const
    plan.push(1, desired(server, 5, running(3)), waiting(1, 'start'))
    plan.observe('stopped', { generation: 5, startNo: 2, problem })
    const before = plan.statesOf(1).at(-1)
    plan.observe('stopped', { generation: 5, startNo: 2, problem: { ...problem, startNo: 3 } })

    expect(before).toBe('running')
    expect(plan.reports.at(-1)).toMatchObject({
      state: 'failed',
      code: 'image_missing',
      message: 'no such image',
    })
  })

  test('[D1] a start whose process came and went between two reports ends by its exit', () => {
    const exit = {
      startNo: 3,
      code: 1,
      signal: null,
      oom: false,
      expected: false,
      at: '2026-01-01T00:00:00.000Z',
      uptimeMs: 5,
    }
    const plan = new Plan()
    plan.push(1, desired(server, 5, running(3)), waiting(1, 'restart'))
    plan.observe('crashed', { generation: 5, startNo: 3, exit })

    expect(plan.reports.at(-1)).toMatchObject({
      state: 'failed',
      message: 'The process ended with code 1 after its start.',
    })
  })

  test.each(['stop', 'kill'] as const)('[D1] a %s ends when no process is left', (kind) => {
    const plan = new Plan()
    plan.push(1, desired(server, 6, stopped(3, kind)), waiting(1, kind))
    plan.observe('stopped', { generation: 5, startNo: 3 })
    plan.observe('stopping', { generation: 6, startNo: 3 })
    const before = plan.statesOf(1)
    plan.observe('stopped', { generation: 6, startNo: 3 })

    expect(before).toEqual(['queued', 'running'])
    expect(plan.statesOf(1).at(-1)).toBe('succeeded')
  })

  test('[D1] an update ends when its generation is observed', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 6), waiting(1, 'update'))
    plan.observe('running', { generation: 5 })
    plan.observe('running', { generation: 6 })

    expect(plan.statesOf(1)).toEqual(['queued', 'succeeded'])
  })

  test('[D1] a deletion ends when the server is gone; what else waited is superseded', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 5), waiting(1, 'update'))
    plan.push(2, desired(server, 6, running(1)), waiting(2, 'start'))
    plan.push(3, desired(server, 7, { removed: true }), waiting(3, 'delete'))
    plan.observe('stopped', { generation: 4 })
    plan.run({ type: 'removed', serverId: server, now: 9 })

    expect([1, 2, 3].map((n) => plan.statesOf(n).at(-1))).toEqual([
      'superseded',
      'superseded',
      'succeeded',
    ])
    expect(plan.state.servers.size).toBe(0)
  })

  test('[D1] a click is superseded by a later click, an update is not', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1), waiting(1, 'update'))
    plan.push(2, desired(server, 2, running(1)), waiting(2, 'start'))
    plan.push(3, desired(server, 3, stopped(1)), waiting(3, 'stop'))

    expect([1, 2, 3].map((n) => plan.statesOf(n).at(-1))).toEqual([
      'queued',
      'superseded',
      'queued',
    ])
  })

  test('[D1] a change that leaves the power alone lets a click wait on', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1, running(1)), waiting(1, 'start'))
    plan.push(2, desired(server, 2, running(1)), waiting(2, 'update'))
    plan.observe('running', { generation: 2, startNo: 1 })

    expect([1, 2].map((n) => plan.statesOf(n).at(-1))).toEqual(['succeeded', 'succeeded'])
  })

  test('[D1] a suspension supersedes a start that waits', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1, running(1)), waiting(1, 'start'))
    plan.push(2, desired(server, 2, { ...running(1), suspended: true }))

    expect(plan.statesOf(1)).toEqual(['queued', 'superseded'])
  })

  test('[D1] a click that comes after a newer one is superseded at once', () => {
    const plan = new Plan()
    plan.push(2, desired(server, 2, stopped(1)), waiting(2, 'stop'))
    plan.push(1, desired(server, 1, running(1)), waiting(1, 'start'))

    expect([plan.statesOf(1), plan.statesOf(2)]).toEqual([['superseded'], ['queued']])
  })

  test('[D1] a push that comes again does not open its operation again', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 1, running(1)), waiting(1, 'start'))
    plan.observe('running', { startNo: 1 })
    plan.push(1, desired(server, 1, running(1)), waiting(1, 'start'))

    expect(plan.statesOf(1)).toEqual(['queued', 'succeeded'])
    expect(plan.state.waits.size).toBe(0)
  })

  test('[D1] a deletion that is told again after the server went is answered as done', () => {
    const plan = new Plan()
    plan.push(1, desired(server, 2, { removed: true }))
    plan.run({ type: 'removed', serverId: server, now: 5 })
    plan.push(1, desired(server, 2, { removed: true }), waiting(1, 'delete'))

    expect(plan.statesOf(1)).toEqual(['succeeded'])
  })
})
