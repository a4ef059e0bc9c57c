import { describe, expect, test } from 'vitest'
import { auth, setup } from '../../contract/api/accounts.ts'
import { agents } from '../../contract/api/agents.ts'
import type { Endpoint } from '../../contract/endpoint.ts'
import { requestFor } from '../../contract/request.ts'
import { hashPassword, hashToken, nobodysHash } from '../../worker/crypto.ts'
import { joinTokens } from '../../worker/db/schema/fleet.ts'
import { accountName } from '../../worker/services/throttle/names.ts'
import { objectOf } from '../../worker/services/throttle/throttle.ts'
import { median, paired, timed } from '../bench/figures.ts'
import { createWorld, type World } from '../support/world.ts'

const password = 'correct horse battery'
const known = 'ann@example.org'
const unknown = 'nobody@example.org'

async function withAnn(email = known) {
  const w = await createWorld()
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  return { w, ann: await w.user({ email, passwordHash }) }
}

/** Sends a request as it comes from an address; null: from nowhere that is known. */
async function from<E extends Endpoint>(w: World, ip: string | null, endpoint: E, input: object) {
  const { method, path, body } = requestFor(endpoint, input as never) // any input, right or wrong
  const headers = {
    'content-type': 'application/json',
    ...(ip === null ? {} : { 'cf-connecting-ip': ip }),
  }
  const response = await w.send(path, { method, body, headers })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

function signIn(w: World, email: string, given: string, ip: string | null = null) {
  return from(w, ip, auth.login, { email, password: given })
}

async function statusesOf(attempts: readonly (() => Promise<{ status: number }>)[]) {
  const statuses: number[] = []
  for (const attempt of attempts) statuses.push((await attempt()).status)
  return statuses
}

describe('guessing a password', () => {
  test.each([known, unknown])(
    'is refused at the sixth try, whether there is %s or not',
    async (email) => {
      const { w } = await withAnn()

      const tries = Array.from({ length: 6 }, () => () => signIn(w, email, 'wrong'))
      expect(await statusesOf(tries)).toEqual([401, 401, 401, 401, 401, 429])

      const refused = await signIn(w, email, 'wrong')
      expect(refused.headers.get('retry-after')).toBe('1')
      expect(refused.body).toMatchObject({
        success: false,
        code: 'too_many_attempts',
        details: { retryAfterSeconds: 1 },
      })
    },
  )

  test('is answered the same for an account as for none, wait by wait', async () => {
    const { w } = await withAnn()
    const heard = async (email: string) => {
      const { status, headers, body } = await signIn(w, email, 'wrong')
      const { 'x-request-id': _id, ...told } = Object.fromEntries(headers)
      return { status, told, body: { ...body, requestId: '' } }
    }

    for (let no = 0; no < 14; no += 1) {
      expect(await heard(unknown)).toEqual(await heard(known))
      if (no % 2 === 0) w.clock.advance(2 ** Math.max(0, (no - 6) / 2) * 1000)
    }
  })

  test('is not looked at during the wait, be it right; after it, it is', async () => {
    const { w } = await withAnn()
    for (let no = 0; no < 5; no += 1) await signIn(w, known, 'wrong')

    expect((await signIn(w, known, password)).status).toBe(429)
    w.clock.advance(1_000)

    expect((await signIn(w, known, password)).status).toBe(200)
  })

  test('200 times at once has five looked at', async () => {
    const { w } = await withAnn()

    const answers = await Promise.all(
      Array.from({ length: 200 }, () => signIn(w, known, 'wrong', '198.51.100.1')),
    )

    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
    expect([count(401), count(429)]).toEqual([5, 195])
  })

  test('begins anew after a right one', async () => {
    const { w } = await withAnn()
    for (let round = 0; round < 3; round += 1) {
      const wrong = Array.from({ length: 4 }, () => () => signIn(w, known, 'wrong'))
      expect(await statusesOf(wrong)).toEqual([401, 401, 401, 401])
      expect((await signIn(w, known, password)).status).toBe(200)
    }

    expect(w.throttle.rows()).toEqual([])
  })

  test('of many accounts from one address is slowed down, by /64 in IPv6', async () => {
    const { w } = await withAnn()
    const guess = (no: number, ip: string) => signIn(w, `user-${no}@example.org`, 'wrong', ip)
    await Promise.all(Array.from({ length: 20 }, (_, no) => guess(no, `2001:db8:1:2::${no + 1}`)))

    expect((await signIn(w, known, password, '2001:db8:1:2:ffff::9')).status).toBe(429)
    expect((await signIn(w, known, password, '2001:db8:1:3::1')).status).toBe(200)
    // Nobody is kept from an account by an address that was refused.
    expect(w.throttle.rows().map(({ name }) => name)).not.toContain(accountName(known))
  })

  test('an office signs in from one address as often as it likes', async () => {
    const { w } = await withAnn()

    const times = Array.from({ length: 30 }, () => () => signIn(w, known, password, '203.0.113.9'))

    expect(new Set(await statusesOf(times))).toEqual(new Set([200]))
  })

  test('keeps neither e-mails nor addresses', async () => {
    const { w } = await withAnn()

    await signIn(w, known, 'wrong', '203.0.113.9')

    expect(w.throttle.rows()).toHaveLength(2)
    expect(JSON.stringify(w.throttle.rows())).not.toMatch(/ann|example|203\.0/)
  })
})

describe('what a refusal costs', () => {
  test('an unknown account is checked against a hash as dear as a real one', async () => {
    const real = (await hashPassword(password, new Uint8Array(16))).split('$')
    const nobodys = nobodysHash.split('$')

    expect(nobodys.slice(0, 4)).toEqual(real.slice(0, 4))
    expect(nobodys.map(({ length }) => length)).toEqual(real.map(({ length }) => length))
  })

  test('an unknown account takes as long as a known one, and both far longer than a wait', async () => {
    const { w } = await withAnn()
    const refused = (email: string, status: number) => async () => {
      // What was tried before is forgotten.
      if (status === 401) w.clock.advance(3_600_000)
      return timed(async () => expect((await signIn(w, email, 'wrong')).status).toBe(status))
    }

    const { value, reference } = await paired(15, refused(unknown, 401), refused(known, 401))
    for (let no = 0; no < 5; no += 1) await signIn(w, known, 'wrong')
    const waits: number[] = []
    for (let no = 0; no < 15; no += 1) waits.push(await refused(known, 429)())

    // Without the hash one of them would take a tenth of the other; the machine's noise takes less than half.
    expect(value / reference).toBeGreaterThan(0.5)
    expect(value / reference).toBeLessThan(2)
    expect(median(waits)).toBeLessThan(reference / 2)
  })
})

describe('when attempts cannot be counted', () => {
  test('nobody is let in, and what was counted elsewhere is given back', async () => {
    const { w } = await withAnn()
    const broken = objectOf(accountName(known))
    w.throttle.broken = (object) => (object === broken ? new Error('gone') : null)

    const answer = await signIn(w, known, password, '203.0.113.9')

    expect(answer).toMatchObject({ status: 503, body: { code: 'throttle_unavailable' } })
    expect(w.throttle.rows()).toEqual([])
    expect(w.logged.join()).toContain('throttle_failed')
    expect(w.logged.join()).not.toContain('ann@')
  })

  test('an object that may answer at a second try is asked twice, one that is overloaded is not', async () => {
    const { w } = await withAnn()
    const failure = (marks: object) => Object.assign(new Error('reset'), marks)
    let failures = [failure({ retryable: true })]
    w.throttle.broken = () => failures.pop() ?? null
    expect((await signIn(w, known, password)).status).toBe(200)

    failures = [failure({ retryable: true, overloaded: true })]
    expect((await signIn(w, known, password)).status).toBe(503)
  })

  test('who signed in is signed in, though it is not forgiven', async () => {
    const { w } = await withAnn()
    w.throttle.broken = () => (w.throttle.calls.at(-1)?.startsWith('forgive') ? new Error() : null)

    expect((await signIn(w, known, password)).status).toBe(200)

    expect(w.throttle.rows()).toHaveLength(1)
  })
})

describe('other doors where a secret is given', () => {
  test('the current password is guessed five times, and strangers do not use them up', async () => {
    const { w, ann } = await withAnn()
    for (let no = 0; no < 9; no += 1) await signIn(w, known, 'wrong')
    const change = (currentPassword: string) =>
      ann.fails(auth.changePassword, { currentPassword, newPassword: 'another long one' })

    const codes: string[] = []
    for (let no = 0; no < 6; no += 1) codes.push((await change('wrong')).code)

    expect(codes).toEqual([...Array<string>(5).fill('wrong_password'), 'too_many_attempts'])
    w.clock.advance(1_000)
    await ann.call(auth.changePassword, {
      currentPassword: password,
      newPassword: 'another long one',
    })
  })

  test('a set-up token is guessed twenty times from an address', async () => {
    const w = await createWorld()
    const guess = () =>
      from(w, '203.0.113.9', setup.finish, {
        token: 'a-token',
        email: known,
        name: 'Ann',
        password,
      })

    const statuses = await statusesOf(Array.from({ length: 21 }, () => guess))

    expect([statuses[19], statuses[20]]).toEqual([403, 429])
  })

  test('a fleet joins at once from one address; what guesses join tokens is slowed down', async () => {
    const w = await createWorld()
    const { id: nodeId } = await w.addNode()
    const join = (token: string) =>
      from(w, '203.0.113.9', agents.enroll, {
        token,
        publicKey: `${'b'.repeat(43)}=`,
        machineId: 'machine-0001',
      })
    const tokens = Array.from({ length: 150 }, (_, no) => `token-${no}`)
    const times = { createdAt: 0, expiresAt: w.clock.now() + 1000 }
    await w.deps.db
      .insert(joinTokens)
      .values(tokens.map((token) => ({ tokenHash: hashToken(token), nodeId, ...times })))

    const joined = await statusesOf(tokens.map((token) => () => join(token)))
    const guessed = await statusesOf(Array.from({ length: 101 }, () => () => join('wrong')))

    expect(new Set(joined)).toEqual(new Set([agents.enroll.status]))
    expect([guessed[99], guessed[100]]).toEqual([401, 429])
    expect((await signIn(w, unknown, 'wrong', '203.0.113.9')).status).toBe(401)
  })
})
