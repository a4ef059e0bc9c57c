import { describe, expect, test } from 'vitest'
import { nextTickAt } from '../../durable-objects/commands/step.ts'
import { operationNo, serverNo } from './examples.ts'
import { Queue } from './queue-driver.ts'

describe('cancel and expiry', () => {
  test('[Q8] what was never sent is cancelled by the object, and stays so', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)

    expect(queue.cancel(order.id)).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    expect(queue.cancel(order.id)).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    queue.open(1)
    expect(queue.commands()).toEqual([])
  })

  test('[Q8] what was sent is only asked to be cancelled, and the agent says what happened', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    const asked = queue.cancel(order.id)
    queue.cancel(order.id)
    const frames = queue.sent.filter((frame) => frame.type === 'cancel')
    queue.done(order.id, 'succeeded')

    expect(asked).toMatchObject({ ok: true, value: { state: 'queued' } })
    expect(frames).toEqual([{ type: 'cancel', epoch: 1, id: order.id }])
    expect(queue.stateOf(order.id)).toBe('succeeded')
    expect(queue.cancel(order.id)).toMatchObject({ ok: false, code: 'operation_finished' })
  })

  test('[Q8] a wish to cancel is told again in the next epoch, after its command', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    queue.run({ type: 'closed' })
    queue.cancel(order.id)
    queue.sent.length = 0
    queue.open(2)

    expect(queue.sent.map((frame) => frame.type)).toEqual(['command', 'cancel'])
  })

  test('[Q7] a type that cannot be cancelled is refused once it runs', () => {
    const queue = new Queue()
    const command = { type: 'console.input', serverId: serverNo(1), line: 'say hi' } as const
    const order = queue.order(1, { command })
    queue.submit(order)
    queue.open(1)
    queue.accept(order.id)

    expect(queue.cancel(order.id)).toMatchObject({ ok: false, code: 'not_cancellable' })
    expect(queue.cancel(operationNo(77))).toMatchObject({ ok: false, code: 'not_found' })
  })

  test('[Q8] only what was never sent expires by the object', () => {
    const queue = new Queue()
    const [sent, waiting] = [queue.order(1, { deadline: 100 }), queue.order(1, { deadline: 100 })]
    queue.open(1)
    queue.submit(sent)
    queue.submit(waiting)
    const due = nextTickAt(queue.state)
    queue.run({ type: 'tick', now: 100 })

    expect(due).toBe(100)
    expect([queue.stateOf(sent.id), queue.stateOf(waiting.id)]).toEqual(['sent', 'expired'])
    expect(queue.reports.at(-1)).toMatchObject({ id: waiting.id, state: 'expired' })
  })

  test('[Q9] a deadline travels as the time left, and is never below zero', () => {
    const queue = new Queue()
    const order = queue.order(1, { deadline: 10_000 })
    queue.submit(order)
    queue.now = 4000
    queue.open(1)
    queue.now = 12_000
    queue.open(2)

    expect(queue.sent).toMatchObject([{ deadlineInMs: 6000 }, { deadlineInMs: 0 }])
  })

  test('[Q9] a command past its deadline is not sent, not even when it is new', () => {
    const queue = new Queue()
    queue.open(1)
    queue.now = 200
    const order = queue.order(1, { deadline: 200 })

    expect(queue.submit(order)).toMatchObject({ ok: true, value: { state: 'expired' } })
    expect(queue.commands()).toEqual([])
  })

  test('[Q7] a type that does not wait for ever gets its deadline from its rule', () => {
    const queue = new Queue()
    const command = { type: 'console.input', serverId: serverNo(1), line: 'say hi' } as const
    queue.submit(queue.order(1, { command }))
    queue.submit(queue.order(1))

    expect(nextTickAt(queue.state)).toBe(600_000)
    expect([...queue.state.open.values()].map((row) => row.deadline)).toEqual([600_000, null])
  })

  test('[Q8] a deleted server takes what was never sent with it, and leaves what was', () => {
    const queue = new Queue()
    const [sent, waiting, other] = [queue.order(1), queue.order(1), queue.order(2)]
    queue.open(1)
    for (const order of [sent, waiting, other]) queue.submit(order)
    queue.run({ type: 'lane_gone', lane: serverNo(1), now: 5 })

    expect([sent, waiting, other].map(({ id }) => queue.stateOf(id))).toEqual([
      'sent',
      'cancelled',
      'sent',
    ])
  })
})
