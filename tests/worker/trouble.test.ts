import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { panel } from '../../contract/api/panel.ts'
import { servers } from '../../contract/api/servers.ts'
import { createApp } from '../../worker/app.ts'
import { isDatabaseFailure, openDatabase } from '../../worker/db/client.ts'
import { auditLog, operations } from '../../worker/db/schema/activity.ts'
import { servers as rows } from '../../worker/db/schema/servers.ts'
import { readEnv } from '../../worker/env.ts'
import { createWorld } from '../support/world.ts'

describe('while libSQL is away', () => {
  test('every answer is 503 with a code, and health says so with 200', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId } = await w.addServer({ ownerId: owner.id })
    await w.database.stop()

    const failures = [
      await owner.fails(auth.me, {}),
      await owner.fails(servers.list, {}),
      await owner.fails(servers.start, { serverId }),
      await w.operator.fails(servers.list, {}),
      await w.operator.fails(servers.start, { serverId }),
      await w.anonymous.fails(auth.login, { email: 'a@example.org', password: 'x' }),
    ]

    for (const failure of failures) {
      expect(failure).toMatchObject({ status: 503, code: 'database_unavailable' })
    }
    expect(await w.anonymous.call(panel.health, {})).toMatchObject({
      database: 'down',
      watchdogAgeSeconds: null,
    })
  })
})

test('a database that stops in the middle of an answer has not answered', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"results":[')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const db = openDatabase(`http://127.0.0.1:${port}`, null, 50)

  const failure = await db
    .select()
    .from(rows)
    .catch((error: unknown) => error)

  expect(isDatabaseFailure(failure)).toBe(true)
})

test('a change that fails half-way leaves nothing of it, and its node is not told', async () => {
  const w = await createWorld()
  const owner = await w.user()
  const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
  const trigger = `CREATE TRIGGER full BEFORE INSERT ON audit_log
    BEGIN SELECT RAISE(ABORT, 'disk full'); END`
  await w.deps.db.$client.execute(trigger)

  const failure = await owner.fails(servers.start, { serverId })

  expect(failure.status).toBe(500)
  const [server] = await w.deps.db.select().from(rows)
  expect(server).toMatchObject({ generation: 1, wanted: 'stopped' })
  expect(await w.deps.db.select().from(operations)).toEqual([])
  expect(await w.deps.db.select().from(auditLog)).toEqual([])
  expect(w.node(nodeId).calls).toBe(0)
})

describe('a node’s object that throws', () => {
  test('is asked once more when the platform says that this may help', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
    const object = w.node(nodeId)
    object.answers.lastSample = null
    object.broken = Object.assign(new Error('moved'), { retryable: true })
    object.breaks = 1

    expect(await owner.call(servers.stats, { serverId })).toEqual({ sample: null })
    expect(object.calls).toBe(2)
  })

  test.each([
    ['twice', { retryable: true }, 2],
    ['for overload', { retryable: true, overloaded: true }, 1],
    ['for another reason', {}, 1],
  ])('%s is given up as unavailable', async (_how, flags, calls) => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
    const object = w.node(nodeId)
    object.broken = Object.assign(new Error('away'), flags)

    const failure = await owner.fails(servers.stats, { serverId })

    expect(failure).toMatchObject({ status: 503, code: 'node_unavailable' })
    expect(object.calls).toBe(calls)
    expect(w.logged.join()).toContain('node_object_failed')
  })
})

test('bindings that are wrong are a 500, with a request id that the log explains', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue()
  onTestFinished(() => logged.mockRestore())
  const app = createApp((bindings) => {
    readEnv(bindings)
    throw new Error('unreachable')
  })

  const answer = await app.request('/api/health', {}, { LIBSQL_URL: 'http://localhost' })

  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({ code: 'internal', requestId: expect.any(String) })
  expect(logged.mock.calls.join()).toContain('the binding NODES is missing')
})
