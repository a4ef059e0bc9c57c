import { describe, expect, test } from 'vitest'
import { operationNo, serverNo } from './examples.ts'
import { Queue } from './queue-driver.ts'

describe('submit', () => {
  test('[Q1] a known id with the same payload answers the same row, open or finished', () => {
    const queue = new Queue()
    const order = queue.order(1)
    const first = queue.submit(order)
    const again = queue.submit({ ...order, deadline: 99 })
    queue.open(1)
    queue.done(order.id)

    expect(first).toMatchObject({ ok: true, value: { id: order.id, seq: 1, state: 'queued' } })
    expect(again).toEqual(first)
    expect(queue.submit(order)).toMatchObject({ value: { seq: 1, state: 'succeeded' } })
    expect(queue.rows.size).toBe(1)
  })

  test('[Q1] a known id with another payload is a conflict', () => {
    const queue = new Queue()
    const order = queue.order(1)
    queue.submit(order)

    const wiping = { type: 'server.install', serverId: serverNo(1), wipe: true } as const
    const sameKeys = { type: 'server.install', wipe: false, serverId: serverNo(1) } as const

    expect(queue.submit({ ...order, command: wiping })).toMatchObject({
      ok: false,
      code: 'idempotency_conflict',
    })
    expect(queue.submit({ ...order, command: sameKeys })).toMatchObject({ ok: true })
  })

  test('[Q2] numbers are dense per node, over all lanes', () => {
    const queue = new Queue()

    const seqs = [1, 2, 1].map((server) => queue.submit(queue.order(server)))

    expect(seqs).toMatchObject([
      { value: { seq: 1 } },
      { value: { seq: 2 } },
      { value: { seq: 3 } },
    ])
  })

  test('[Q2] a row is saved before its frame is sent', () => {
    const queue = new Queue()
    queue.open(1)
    const order = queue.order(1)

    const effects = queue.run({ type: 'submit', order, finished: null, now: 0 })

    const kinds = effects.map((effect) => effect.type)
    expect(kinds.indexOf('save_command')).toBeLessThan(kinds.indexOf('send'))
    expect(effects[0]).toMatchObject({ row: { state: 'sent', sentIn: 1 } })
  })

  test('[Q11] the 101st open command of a lane and the 2,001st of a node are refused', () => {
    const queue = new Queue()
    const answers = Array.from({ length: 101 }, () => queue.submit(queue.order(1)))
    for (let lane = 2; lane <= 20; lane += 1) {
      for (let n = 0; n < 100; n += 1) queue.submit(queue.order(lane))
    }

    expect(answers.slice(0, 100).every((answer) => answer.ok)).toBe(true)
    expect(answers[100]).toMatchObject({ ok: false, code: 'queue_full' })
    expect(queue.state.open.size).toBe(2000)
    expect(queue.submit(queue.order(21))).toMatchObject({ ok: false, code: 'queue_full' })
  })
})

describe('sending', () => {
  test('[Q2] one command of a lane is on the wire; the next follows its end, in order', () => {
    const queue = new Queue()
    const [first, second, other] = [queue.order(1), queue.order(1), queue.order(2)]
    for (const order of [first, second, other]) queue.submit(order)
    queue.open(1)
    const before = queue.commands()
    queue.accept(first.id)
    queue.done(first.id)

    expect(before).toEqual([first.id, other.id])
    expect(queue.commands()).toEqual([first.id, other.id, second.id])
  })

  test('[Q2] at most 32 commands of a node are on the wire', () => {
    const queue = new Queue()
    queue.open(1)
    const orders = Array.from({ length: 40 }, (_, lane) => queue.order(lane + 1))
    for (const order of orders) queue.submit(order)
    const before = queue.commands().length
    queue.done(orders[5]?.id ?? operationNo(0))

    expect(before).toBe(32)
    expect(queue.commands()).toHaveLength(33)
  })

  test('[Q3] a new epoch sends what is sent or accepted again: same id, same seq', () => {
    const queue = new Queue()
    const [first, second, waiting] = [queue.order(1), queue.order(2), queue.order(2)]
    for (const order of [first, second, waiting]) queue.submit(order)
    queue.open(1)
    queue.accept(first.id)
    queue.run({ type: 'closed' })
    queue.sent.length = 0
    queue.open(2)

    expect(queue.sent).toMatchObject([
      { type: 'command', id: first.id, seq: 1, epoch: 2 },
      { type: 'command', id: second.id, seq: 2, epoch: 2 },
    ])
    expect(queue.stateOf(first.id)).toBe('accepted')
  })

  test('[Q2] nothing is sent while there is no link', () => {
    const queue = new Queue()
    queue.open(1)
    queue.run({ type: 'closed' })
    queue.submit(queue.order(1))

    expect(queue.sent).toEqual([])
  })

  test('[Q5] low is the lowest seq that is not final, and told as soon as it moves', () => {
    const queue = new Queue()
    const orders = [queue.order(1), queue.order(2), queue.order(3)]
    for (const order of orders) queue.submit(order)
    queue.open(1)
    const lows = () =>
      queue.sent.flatMap((frame) => ('low' in frame ? [`${frame.type} ${frame.low}`] : []))
    const sent = lows()
    queue.sent.length = 0
    queue.done(operationNo(2))
    const afterSecond = lows()
    queue.done(operationNo(1))
    queue.done(operationNo(3))

    expect(sent).toEqual(['command 1', 'command 1', 'command 1'])
    expect(afterSecond).toEqual([])
    expect(lows()).toEqual(['low 3', 'low 4'])
  })
})
