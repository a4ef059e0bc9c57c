import { describe, expect, test } from 'vitest'
import { nextTickAt } from '../../durable-objects/commands/step.ts'
import { operationNo } from './examples.ts'
import { Queue } from './queue-driver.ts'

describe('what the agent says', () => {
  test('[Q3] a command goes from queued over running to its end, and each step is reported', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    queue.now = 5000
    queue.accept(order.id)
    queue.done(order.id, 'failed')

    expect(queue.statesOf(order.id)).toEqual(['queued', 'running', 'failed'])
    expect(queue.reports.at(-1)).toMatchObject({
      startedAt: '1970-01-01T00:00:05.000Z',
      endedAt: '1970-01-01T00:00:05.000Z',
    })
  })

  test('[Q3] a final state never changes, whatever comes after it', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    queue.done(order.id)
    const told = queue.reports.length
    queue.done(order.id, 'failed')
    queue.accept(order.id)
    queue.progress(order.id, 50)
    queue.open(2)

    expect(queue.stateOf(order.id)).toBe('succeeded')
    expect(queue.reports).toHaveLength(told)
    expect(queue.commands()).toEqual([order.id])
  })

  test('[N9] ids that were never sent to this node, and wrong numbers, are ignored', () => {
    const queue = new Queue()
    const [first, second] = [queue.order(1), queue.order(1)]
    queue.submit(first)
    queue.submit(second)
    queue.open(1)
    const before = queue.state
    const result = { outcome: 'succeeded', code: null, message: null } as const
    queue.run({ type: 'done', id: operationNo(77), seq: 1, result, now: 0 })
    queue.run({ type: 'done', id: first.id, seq: 2, result, now: 0 })
    queue.run({ type: 'accepted', id: first.id, seq: 9, now: 0 })
    queue.done(second.id)
    queue.progress(second.id, 10)

    expect(queue.state).toBe(before)
  })

  test('[Q12] the newest progress is kept, and reported at most every 2 s; the rest follows', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    queue.accept(order.id)
    for (const percent of [10, 20, 30]) {
      queue.now += 500
      queue.progress(order.id, percent)
    }
    const told = () => queue.reports.map((report) => report.progress.percent)
    const early = told()
    const due = nextTickAt(queue.state)
    queue.run({ type: 'tick', now: due ?? 0 })

    expect(early).toEqual([null, null])
    expect(due).toBe(2000)
    expect(told()).toEqual([null, null, 30])
    expect(nextTickAt(queue.state)).toBeNull()
  })

  test('[Q12] the last 200 log lines stay with the command', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    for (let n = 0; n < 5; n += 1) {
      queue.progress(
        order.id,
        1,
        Array.from({ length: 50 }, (_, line) => `line ${n * 50 + line}`),
      )
    }
    queue.done(order.id)

    const log = queue.rows.get(order.id)?.log ?? []
    expect([log.length, log[0], log.at(-1)]).toEqual([200, 'line 50', 'line 249'])
    expect(queue.reports.at(-1)?.log).toEqual(log)
  })

  test('[Q6] a poisoned command raises an alert', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    const result = { outcome: 'failed', code: 'poison', message: 'three starts' } as const
    queue.run({ type: 'done', id: order.id, seq: 1, result, now: 0 })

    expect(queue.alerts).toEqual(['poison'])
  })
})
