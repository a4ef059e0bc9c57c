import { count, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { allEndpoints, type NamedEndpoint } from '../../contract/api/index.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import { type CallInput, type Endpoint, takesIdempotencyKey } from '../../contract/endpoint.ts'
import { requestFor } from '../../contract/request.ts'
import { auditLog, idempotencyKeys, operations } from '../../worker/db/schema/activity.ts'
import { templates as templateRows } from '../../worker/db/schema/servers.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld } from '../support/world.ts'
import type { Client } from '../support/world-client.ts'
import { validInputs } from '../support/world-inputs.ts'

const key = 'a-key-of-the-caller'
const template = { name: 'A template', image: 'registry.example/game:1', startup: './game' }

/** One request with a key, and all that a client sees of its answer. */
async function ask<E extends Endpoint>(
  caller: Client,
  endpoint: E,
  input: CallInput<E>,
  idempotencyKey = key,
) {
  const { method, path, body } = requestFor(endpoint, input)
  const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey }
  const response = await caller.send(path, { method, body, headers })
  const isReplay = response.headers.get('idempotency-replayed') === 'true'
  return { status: response.status, reply: await response.json(), isReplay }
}

async function inputOf(w: Awaited<ReturnType<typeof createWorld>>, named: NamedEndpoint) {
  const owner = named.name.startsWith('setup.') ? null : await w.user()
  const inputs = validInputs(w, owner?.id as never) // no server is made for set-up
  const make = Object.entries(inputs).find(([name]) => name === named.name)?.[1]
  return (await make?.()) as never // the endpoint it belongs to is known by name only
}

describe('a change sent twice with one Idempotency-Key', () => {
  const changes = allEndpoints().filter(({ endpoint }) => takesIdempotencyKey(endpoint))

  test('[Q1] happens once and is answered the same, at every endpoint', async () => {
    expect(changes.length).toBeGreaterThan(15)
    for (const named of changes) {
      if (named.name === 'auth.logout') continue // its caller is nobody the second time
      const { name, endpoint } = named
      const w = await createWorld()
      const caller = name.startsWith('setup.') ? w.operator : await w.admin()
      const input = await inputOf(w, named)

      const first = await ask(caller, endpoint, input)
      const second = await ask(caller, endpoint, input)

      expect(first, name).toMatchObject({ status: endpoint.status, isReplay: false })
      const [row] = await w.deps.db.select({ entries: count() }).from(auditLog)
      expect(row?.entries, name).toBe(1)
      if (endpoint.secret) {
        expect(second, name).toMatchObject({ status: 409, isReplay: false })
        continue
      }
      expect(second, name).toEqual({ ...first, isReplay: true })
    }
  }, 60_000)

  test('by many at once happens once', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(admin, templates.create, template)),
    )

    expect(await w.deps.db.select().from(templateRows)).toHaveLength(1)
    for (const { status, reply } of answers) {
      const isRefused = status === 409 && reply.code === 'idempotency_in_progress'
      expect(status === 201 || isRefused, JSON.stringify(reply)).toBe(true)
    }
    expect((await ask(admin, templates.create, template)).status).toBe(201)
  })

  test('for something else is refused', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await ask(admin, templates.create, template)

    const other = await ask(admin, templates.create, { ...template, name: 'Another' })

    expect(other).toMatchObject({ status: 409, reply: { code: 'idempotency_conflict' } })
  })

  test('by somebody else, or with another key, is another change', async () => {
    const w = await createWorld()
    const one = await w.admin()
    const other = await w.admin()

    await ask(one, templates.create, { ...template, name: 'One' })
    const theirs = await ask(other, templates.create, { ...template, name: 'Two' })
    const again = await ask(one, templates.create, { ...template, name: 'Three' }, 'another-key')

    expect([theirs.status, again.status]).toEqual([201, 201])
  })

  test('after it was refused is tried anew', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const taken = await w.addTemplate()

    const refused = await ask(admin, templates.create, { ...template, name: taken.name })
    await w.deps.db.delete(templateRows).where(eq(templateRows.id, taken.id))
    const done = await ask(admin, templates.create, { ...template, name: taken.name })

    expect([refused.status, done.status]).toEqual([409, 201])
  })
})

describe('a request whose answer was lost before it could be kept', () => {
  async function lost() {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId } = await w.addServer({ ownerId: owner.id })
    const first = await ask(owner, servers.start, { serverId })
    await w.deps.db.update(idempotencyKeys).set({ status: null, reply: null })
    return { w, owner, serverId, first }
  }

  test('is said to be at work for as long as it may be', async () => {
    const { owner, serverId } = await lost()
    const again = await ask(owner, servers.start, { serverId })
    expect(again).toMatchObject({ status: 409, reply: { code: 'idempotency_in_progress' } })
  })

  test('names its operation afterwards, and begins no other', async () => {
    const { w, owner, serverId, first } = await lost()
    w.clock.advance(120_000)

    const again = await ask(owner, servers.start, { serverId })

    expect(again).toEqual({ ...first, isReplay: true })
    expect(await w.deps.db.select().from(operations)).toHaveLength(1)
  })

  test('names what it changed where it began no operation', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { reply } = await ask(admin, templates.create, template)
    await w.deps.db.update(idempotencyKeys).set({ status: null, reply: null })
    w.clock.advance(120_000)

    const again = await ask(admin, templates.create, template)

    expect(again).toMatchObject({
      status: 409,
      reply: { code: 'idempotency_done', details: { targetId: reply.data.id } },
    })
  })
})

test('a key is forgotten after a day, and not before', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  await ask(admin, templates.create, template)

  w.clock.advance(24 * 3_600_000)
  await runWatchdog(w.deps)
  const kept = await w.deps.db.select().from(idempotencyKeys)
  w.clock.advance(1)
  await runWatchdog(w.deps)

  expect(kept).toHaveLength(1)
  expect(await w.deps.db.select().from(idempotencyKeys)).toEqual([])
})

test('a key that is no key is refused', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  const refused = await ask(admin, templates.create, template, 'with a space')
  expect(refused).toMatchObject({ status: 400, reply: { code: 'invalid_input' } })
})

test('neither the key nor what was asked can be read from the database', async () => {
  const w = await createWorld()
  await ask(await w.admin(), templates.create, template)
  const [row] = await w.deps.db.select().from(idempotencyKeys)
  expect(JSON.stringify({ ...row, reply: null })).not.toMatch(/a-key-of|registry\.example/)
})
