import { QueryClient } from '@tanstack/react-query'
import { describe, expect, test } from 'vitest'
import { type Operation, operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { NodeId, OperationId, ServerId } from '../../contract/ids.ts'
import { applyEvent } from '../../web/src/api/apply-event.ts'
import { pageQueryOf, queryOf } from '../../web/src/api/queries.ts'

const id = '01900000-0000-7000-8000-000000000001'
const other = OperationId.parse('01900000-0000-7000-8000-000000000002')

const running: Operation = {
  id: OperationId.parse(id),
  kind: 'server.install',
  state: 'running',
  serverId: ServerId.parse(id),
  serverName: 'survival',
  nodeId: NodeId.parse(id),
  nodeName: 'hel-1',
  nodeOnline: true,
  actorName: 'Ada',
  subject: null,
  percent: 10,
  bytes: null,
  message: null,
  code: null,
  cancelRequestedAt: null,
  createdAt: '2026-01-01T12:00:00.000Z',
  startedAt: null,
  endedAt: null,
  expiresAt: null,
}

/** A panel that shows the open operations, and one of them in full. */
function showing(...items: Operation[]) {
  const client = new QueryClient()
  const list = pageQueryOf(operations.list, { state: 'open', limit: 100 }).queryKey
  const detail = queryOf(operations.get, { operationId: running.id }).queryKey
  const pagination = { page: 1, limit: 100, total: items.length, totalPages: 1 }
  client.setQueryData(list, { items, pagination })
  client.setQueryData(detail, { ...running, log: ['pulling'] })
  return {
    client,
    shown: () => client.getQueryData(list),
    detail: () => client.getQueryData(detail),
  }
}

describe('an event', () => {
  test('of an operation that is shown is seen at once, its log stays, and nothing is asked for', () => {
    const panel = showing({ ...running, id: other }, running)
    const operation = { ...running, percent: 55 }

    const asked = applyEvent(panel.client, { type: 'operation', operation })

    expect(panel.shown()?.items.map(({ percent }) => percent)).toEqual([10, 55])
    expect(panel.detail()).toMatchObject({ percent: 55, log: ['pulling'] })
    expect(asked).toEqual([])
  })

  test('of an operation that is new asks for the list again', () => {
    const panel = showing({ ...running, id: other })
    expect(applyEvent(panel.client, { type: 'operation', operation: running })).toEqual([
      operations.list,
    ])
    expect(panel.shown()?.items).toHaveLength(1)
  })

  test('of an operation that ended asks for the lists that it left and entered', () => {
    const panel = showing(running)
    const operation = { ...running, state: 'succeeded' } as const
    expect(applyEvent(panel.client, { type: 'operation', operation })).toEqual([operations.list])
    expect(panel.detail()?.state).toBe('succeeded')
  })

  test('of a server that is gone, or of a reset, asks for what may be wrong now', async () => {
    const panel = showing(running)
    const gone = { type: 'server_gone', serverId: ServerId.parse(id) } as const
    expect(applyEvent(panel.client, gone)).toEqual([servers.list, servers.get, operations.list])

    expect(applyEvent(panel.client, { type: 'reset' })).toEqual([])
    const states = panel.client.getQueryCache().getAll()
    expect(states.map(({ state }) => state.isInvalidated)).toEqual([true, true])
  })
})
