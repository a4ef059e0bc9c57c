import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth } from '../../contract/api/accounts.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { sessions, users } from '../../worker/db/schema/accounts.ts'
import { ann, giveSecondFactor, password, tokenOf } from '../support/account-links.ts'
import { createWorld, type World } from '../support/world.ts'

/** Does something once the password was found right, and before the session is opened. */
function afterThePassword(w: World, what: () => Promise<unknown>) {
  let done: Promise<unknown> = Promise.resolve()
  w.throttle.broken = () => {
    if (w.throttle.calls.at(-1)?.startsWith('forgive')) {
      w.throttle.broken = null
      done = what()
    }
    return null
  }
  return { settled: () => done }
}

test('a password that is changed while somebody signs in with it opens nothing', async () => {
  const w = await createWorld()
  const { id, email } = await ann(w)
  await w.deps.db.delete(sessions)
  const passwordHash = await hashPassword('another battery staple', w.deps.rng.bytes(16))
  const change = afterThePassword(w, async () => {
    await w.deps.db.update(users).set({ passwordHash }).where(eq(users.id, id))
  })

  const refused = await w.anonymous.fails(auth.login, { email, password })
  await change.settled()

  expect(refused).toMatchObject({ status: 401, code: 'invalid_credentials' })
  expect(await w.deps.db.select().from(sessions)).toEqual([])
})

test('a login link that asked for a second factor is used up by that', async () => {
  const w = await createWorld()
  const [admin, { id: userId }] = [await w.admin(), await ann(w)]
  await giveSecondFactor(w, userId)
  const link = await admin.call(accountLinks.makeLoginLink, { userId })

  const first = await w.anonymous.fails(accountLinks.useLoginLink, { token: tokenOf(link.url) })
  const second = await w.anonymous.fails(accountLinks.useLoginLink, { token: tokenOf(link.url) })

  expect([first.code, second.code]).toEqual(['second_factor_needed', 'link_invalid'])
})
