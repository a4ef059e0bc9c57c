import { describe, expect, test } from 'vitest'
import type { News } from '../../durable-objects/effect.ts'
import { nextBatch, type OutboxRow, retryAfter, thingOf } from '../../durable-objects/outbox.ts'
import { host, observed, operationNo, runtime, serverNo } from './examples.ts'

function row(eventNo: number, chars = 100): OutboxRow {
  return { eventNo, at: 0, news: { type: 'node.offline', reason: '' }, chars }
}

describe('outbox', () => {
  test('[L2] a delivery holds the oldest events, in order, at most 100', () => {
    const rows = Array.from({ length: 150 }, (_, n) => row(n + 3))

    const batch = nextBatch(rows)

    expect(batch).toHaveLength(100)
    expect([batch[0]?.eventNo, batch.at(-1)?.eventNo]).toEqual([3, 102])
  })

  test('[L2] a delivery stays under 200 KiB, but one large event still goes, alone', () => {
    expect(nextBatch([row(1, 90_000), row(2, 90_000), row(3, 90_000)])).toHaveLength(2)
    expect(nextBatch([row(1, 900_000), row(2)])).toHaveLength(1)
    expect(nextBatch([])).toEqual([])
  })

  test('[L2] events are merged when they are about the same thing, and only then', () => {
    const operation = {
      id: operationNo(1),
      state: 'queued',
      progress: { percent: null, bytes: null, message: null },
      code: null,
      message: null,
      log: [],
      startedAt: null,
      endedAt: null,
    } as const
    const news: News[] = [
      { type: 'node.online', agentVersion: '1', proto: 1, host, runtime },
      { type: 'node.offline', reason: '' },
      { type: 'node.runtime', host, runtime },
      { type: 'node.alert', alert: 'cloned', message: '' },
      { type: 'node.alert', alert: 'poison', message: '' },
      { type: 'server.observed', observed: observed(serverNo(1), 'running') },
      { type: 'server.removed', serverId: serverNo(1) },
      { type: 'server.observed', observed: observed(serverNo(2), 'running') },
      { type: 'operation.changed', operation },
      { type: 'operation.changed', operation: { ...operation, id: operationNo(2) } },
    ]

    const things = news.map(thingOf)

    expect(things[0]).toBe(things[1])
    expect(things[5]).toBe(things[6])
    expect(new Set(things).size).toBe(8)
  })

  test('[L2] while libSQL is away the waits double from 1 s to 60 s, and never end', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1000].map(retryAfter)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ])
  })
})
