import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { auth, setup } from '../../contract/api/accounts.ts'
import type { ApiKeyId, UserId } from '../../contract/ids.ts'
import { errorResponse } from '../../worker/http/error-response.ts'
import type { HonoEnv } from '../../worker/http/hono-env.ts'
import { limitRate, withRateHeaders } from '../../worker/http/rate-limit.ts'
import { newId, type Person } from '../../worker/services/context.ts'
import { createWorld, type World } from '../support/world.ts'

const list = '/api/admin/users'

/** An account that came with an API key of its own. */
function withKey({ deps }: World): Person {
  const id = newId<ApiKeyId>(deps)
  return {
    kind: 'user',
    id: newId<UserId>(deps),
    email: 'ann@example.org',
    name: 'Ann',
    createdAt: 0,
    roles: [],
    permissions: [],
    grants: new Map(),
    key: { id, permissions: [], serverIds: null },
    hasTwoFactor: false,
    mustSetUpTwoFactor: false,
    tokenHash: 'hash',
    endsAt: null,
  }
}

/** A door at which this caller was recognised; it looks at them twice, as a stream does again and again. */
function doorFor(w: World, caller: Person, refuse = false) {
  const app = new Hono<HonoEnv>()
  const assets = { fetch: async () => new Response() }
  app.use(async (c, next) => {
    c.set('requestId', 'request-1')
    c.set('host', { deps: w.deps, operatorToken: null, assets })
    await next()
  })
  app.use(withRateHeaders)
  app.get('/', async (c) => {
    await limitRate(c, caller, '203.0.113.9')
    await limitRate(c, caller, '203.0.113.9')
    if (refuse) throw new Error('refused for something else')
    return new Response('a body that is no JSON')
  })
  app.onError((error, c) => errorResponse(error, c, w.deps.log))
  return () => app.request('/')
}

describe('requests of an API key', () => {
  test('are counted once each, told in standard fields, and refused when there are too many', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 3 })
    const ask = doorFor(w, withKey(w))

    const answers = await Promise.all(Array.from({ length: 5 }, ask))

    const told = answers.map(({ status, headers }) => [status, headers.get('ratelimit')])
    expect(told.toSorted()).toEqual([
      [200, '"api-key";r=0;t=20'],
      [200, '"api-key";r=1;t=40'],
      [200, '"api-key";r=2;t=20'],
      [429, '"api-key";r=0;t=20'],
      [429, '"api-key";r=0;t=20'],
    ])
    for (const answer of answers) {
      expect(answer.headers.get('ratelimit-policy')).toBe('"api-key";q=3;w=60')
      expect(answer.headers.get('retry-after')).toBe(answer.status === 429 ? '20' : null)
    }
  })

  test('are let through again when Retry-After says so', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 3 })
    const ask = doorFor(w, withKey(w))
    for (let no = 0; no < 3; no += 1) await ask()
    const refused = await ask()

    expect(await refused.json()).toMatchObject({
      success: false,
      code: 'rate_limited',
      details: { retryAfterSeconds: 20 },
    })
    w.clock.advance(20_000)
    expect((await ask()).status).toBe(200)
  })

  test('count when they fail for something else too, and for each key apart', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 2 })
    const key = withKey(w)

    const failed = await doorFor(w, key, true)()

    expect([failed.status, failed.headers.get('ratelimit')]).toEqual([500, '"api-key";r=1;t=30'])
    expect((await doorFor(w, key)()).status).toBe(200)
    expect((await doorFor(w, key)()).status).toBe(429)
    expect((await doorFor(w, withKey(w))()).status).toBe(200)
  })

  test('pass uncounted when there is nothing to count them', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 1 })
    const ask = doorFor(w, withKey(w))
    w.throttle.broken = () => new Error('gone')

    const answers = [await ask(), await ask()]

    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]?.headers.get('ratelimit')).toBeNull()
    expect(w.logged.join()).toContain('throttle_failed')
  })
})

describe('requests of nobody', () => {
  const from = (ip: string) => ({ headers: { 'cf-connecting-ip': ip } })

  test('are counted by their address, three times as many', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 2 })

    const statuses: number[] = []
    for (let no = 0; no < 7; no += 1) {
      statuses.push((await w.send(setup.state.path, from(`2001:db8::${no + 1}`))).status)
    }
    const elsewhere = await w.send(setup.state.path, from('2001:db8:0:1::1'))

    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429])
    expect(elsewhere.headers.get('ratelimit-policy')).toBe('"visitor";q=6;w=60')
  })

  test('are counted where a sign-in is asked for too', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 1 })

    const answers = [1, 2, 3, 4].map(() => w.send(auth.me.path, from('203.0.113.9')))

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 401, 429])
  })

  test('from nowhere that is known are not counted', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 1 })

    for (let no = 0; no < 9; no += 1) {
      const answer = await w.send(setup.state.path, from('127.0.0.1'))
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null])
    }
  })
})

test('requests of a session and of the operator are not counted', async () => {
  const w = await createWorld({ apiRequestsPerMinute: 1 })
  const admin = await w.admin()

  const answers = await Promise.all([
    ...[1, 2, 3].map(() => admin.send(list)),
    ...[1, 2, 3].map(() => w.operator.send(list)),
  ])

  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(w.throttle.calls).toEqual([])
})
