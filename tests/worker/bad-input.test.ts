import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { allEndpoints } from '../../contract/api/index.ts'
import { requestFor } from '../../contract/request.ts'
import { createWorld } from '../support/world.ts'
import { validInputs } from '../support/world-inputs.ts'

const withBody = allEndpoints().filter(
  ({ endpoint }) => Object.keys(endpoint.body.shape).length > 0,
)
const somebody = '01900000-0000-7000-8000-000000000001'
const json = { 'content-type': 'application/json' }

function doorOf({ endpoint }: (typeof withBody)[number]) {
  return { path: endpoint.path.replaceAll(/:\w+/g, somebody), method: endpoint.method }
}

describe('every endpoint with a body', () => {
  test('refuses what is not JSON', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    for (const named of withBody) {
      const { path, method } = doorOf(named)
      const answer = await admin.send(path, { method, headers: json, body: '{"a":' })

      expect(answer.status, named.name).toBe(400)
      expect(await answer.json(), named.name).toMatchObject({ code: 'invalid_json' })
    }
  })

  test('refuses JSON that is not an object, and says what is wrong', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    for (const named of withBody) {
      const { path, method } = doorOf(named)
      const answer = await admin.send(path, { method, headers: json, body: '[1]' })

      expect(answer.status, named.name).toBe(400)
      const reply = await answer.json()
      expect(reply, named.name).toMatchObject({ success: false, code: 'invalid_input' })
      expect(reply.details[0], named.name).toMatchObject({ path: [], message: expect.any(String) })
    }
  })

  test('refuses another content type, and one that is missing', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    for (const named of withBody) {
      const { path, method } = doorOf(named)
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', null]) {
        const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
        const body = new TextEncoder().encode('{"name":"x"}')
        const answer = await admin.send(path, { method, headers, body })

        expect(answer.status, `${named.name} ${type}`).toBe(415)
      }
    }
  })

  test('refuses a body over 1 MiB, with and without its length told', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024) })
    for (const named of withBody) {
      const { path, method } = doorOf(named)
      const told = { ...json, 'content-length': String(large.length) }
      for (const headers of [json, told]) {
        const answer = await admin.send(path, { method, headers, body: large })

        expect(answer.status, named.name).toBe(413)
      }
    }
  })
})

/** Thousands of requests: each field of each endpoint, with each value. Milliseconds. */
const longEnough = 90_000

test('no nonsense in any field makes an endpoint answer 500', { timeout: longEnough }, async () => {
  const nonsense = [
    ...[null, true, -1, 1e308, '', 'x'.repeat(20_000), "' OR 1=1 --", '{{X}}%🎲', somebody],
    ...['\u0000', [], { a: { b: '\u0000' } }],
  ]
  const w = await createWorld()
  w.mail.willTake(1000) // settings that are valid let mail go out
  const admin = await w.admin()
  const inputs = Object.entries(validInputs(w, admin.id))
  for (const { name, endpoint } of allEndpoints()) {
    const make = inputs.find(([key]) => key === name)?.[1]
    const valid: object = (await make?.()) ?? {}
    const fields = [endpoint.params, endpoint.query, endpoint.body].flatMap((part) =>
      Object.keys(part.shape),
    )
    for (const field of fields) {
      for (const value of nonsense) {
        const { path, method, body } = requestFor(endpoint, { ...valid, [field]: value } as never)
        const answer = await admin.send(path, { method, body, headers: body === null ? {} : json })

        expect(answer.status, `${name} ${field} ${JSON.stringify(value)}`).toBeLessThan(500)
      }
    }
  }
})

describe('every answer', () => {
  test('to a path that is not there is 404, in the shape of an error', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    for (const path of ['/api/nothing', '/api/servers/1/2/3', '/api', '/api/..%2f']) {
      const answer = await admin.send(path)

      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ success: false, code: 'not_found' })
    }
    expect((await admin.send('/api/servers', { method: 'PATCH' })).status).toBe(404)
  })

  test('to a parameter that is no id is 400', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const answer = await admin.send('/api/servers/not-a-uuid')

    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ details: [{ path: ['serverId'] }] })
  })

  test('carries its request id, is not cached, and forbids what a page should not do', async () => {
    const w = await createWorld()

    const good = await w.send('/api/health')
    const bad = await w.send('/api/auth/me')

    for (const { headers } of [good, bad]) {
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('content-security-policy')).toContain("script-src 'self';")
    }
    expect((await bad.json()).requestId).toBe(bad.headers.get('x-request-id'))
  })

  test('names the failing request in the log when it was not foreseen, and tells nobody why', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await w.deps.db.$client.execute('DROP TABLE audit_log')

    const failure = await admin.fails(auth.logout, {})

    expect(failure).toMatchObject({ status: 500, code: 'internal' })
    expect(JSON.stringify(failure)).not.toContain('audit_log')
    expect(w.logged.join()).toContain(failure.requestId)
  })
})
