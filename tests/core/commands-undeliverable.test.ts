import { describe, expect, test } from 'vitest'
import { deliveriesAtMost } from '../../durable-objects/commands/sending.ts'
import { Queue } from './queue-driver.ts'

/** Opens so many epochs, each of which ends again. */
function epochs(queue: Queue, count: number, from = 1): void {
  for (let epoch = from; epoch < from + count; epoch += 1) {
    queue.open(epoch)
    queue.run({ type: 'closed' })
  }
}

describe('a command that never arrives', () => {
  test('[Q10] is given up after five epochs, and its lane goes on', () => {
    const queue = new Queue()
    const [stuck, next] = [queue.order(1), queue.order(1)]
    queue.submit(stuck)
    queue.submit(next)
    epochs(queue, deliveriesAtMost)
    const before = queue.commands()
    queue.open(6)

    expect(before).toEqual(Array.from({ length: 5 }, () => stuck.id))
    expect(queue.rows.get(stuck.id)).toMatchObject({
      state: 'failed',
      result: { code: 'undeliverable' },
    })
    expect(queue.alerts).toEqual(['undeliverable'])
    expect(queue.commands().slice(5)).toEqual([next.id])
  })

  test('[Q10] is not given up within one epoch, nor while it has not left', () => {
    const queue = new Queue()
    const first = queue.order(1)
    queue.submit(first)
    const waiting = queue.order(1)
    queue.submit(waiting)
    epochs(queue, deliveriesAtMost)

    expect(queue.stateOf(first.id)).toBe('sent')
    expect(queue.rows.get(waiting.id)).toMatchObject({ state: 'queued', deliveries: 0 })
  })

  test('[Q10] once accepted it is told again for ever: only the agent knows its end', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)
    queue.open(1)
    queue.accept(order.id)
    epochs(queue, 20, 2)

    expect(queue.stateOf(order.id)).toBe('accepted')
    expect(queue.commands()).toHaveLength(21)
  })
})
