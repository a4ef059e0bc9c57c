import { expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { twoFactor } from '../../contract/api/two-factor.ts'
import { ann, giveSecondFactor, password, tokenOf } from '../support/account-links.ts'
import { createWorld, type World } from '../support/world.ts'

const action = 'auth.login_failed'

async function failures(w: World) {
  await w.settled()
  return (await w.operator.page(audit.list, { action, limit: 1000 })).items
}

async function guess(w: World, email: string, ip = '192.0.2.7') {
  const body = JSON.stringify({ email, password: 'Tr0ub4dor-guess' })
  const headers = { 'content-type': 'application/json', 'cf-connecting-ip': ip }
  return (await w.send('/api/auth/login', { method: 'POST', body, headers })).status
}

test('a wrong password is in the audit log: of which account and from where, and not what was typed', async () => {
  const w = await createWorld()
  const { id, email } = await ann(w)

  await guess(w, email)
  await guess(w, 'my-Passw0rd-by-mistake')

  const found = await failures(w)
  expect(found).toHaveLength(2)
  expect(found.map(({ targetId, ip, after }) => ({ targetId, ip, after }))).toEqual(
    expect.arrayContaining([
      { targetId: id, ip: '192.0.2.7', after: { how: 'password' } },
      { targetId: null, ip: '192.0.2.7', after: { how: 'password' } },
    ]),
  )
  expect(JSON.stringify([found, w.logged])).not.toMatch(/Tr0ub4dor|by-mistake/i)
})

test('so is a wrong second factor, and its owner sees both in their activity', async () => {
  const w = await createWorld()
  const [admin, owner] = [await w.admin(), await ann(w)]
  await giveSecondFactor(w, owner.id)
  await guess(w, owner.email)
  const asked = await w.anonymous.fails(auth.login, { email: owner.email, password })
  const { token } = asked.details as { token: string }

  await w.anonymous.fails(twoFactor.secondStep, { token, code: '123456' })

  expect((await failures(w)).map(({ after }) => after)).toEqual(
    expect.arrayContaining([{ how: 'password' }, { how: 'second_factor' }]),
  )
  const own = async (who: typeof owner) =>
    (await who.page(audit.own, {})).items.filter((item) => item.action === action)
  expect(await own(owner)).toHaveLength(2)
  expect((await own(owner))[0]).toMatchObject({ actorName: 'anonymous', targetId: owner.id })
  expect(await own(admin)).toEqual([])
})

test('what is right, refused unseen or has come by another way is no failed sign-in', async () => {
  const w = await createWorld()
  const [admin, { id: userId, email }] = [await w.admin(), await ann(w)]
  for (let no = 0; no < 9; no += 1) await guess(w, email)
  const link = await admin.call(accountLinks.makeLoginLink, { userId })
  await w.anonymous.call(accountLinks.useLoginLink, { token: tokenOf(link.url) })

  expect(await failures(w)).toHaveLength(5)
})

test('invented e-mails do not fill the log, nor hide what is tried at an account', async () => {
  const w = await createWorld()
  const { id, email } = await ann(w)
  for (let no = 0; no < 130; no += 1) await guess(w, `nobody${no}@example.org`, `198.51.100.${no}`)
  await guess(w, email)

  const found = await failures(w)

  expect(found.filter(({ targetId }) => targetId === null)).toHaveLength(100)
  expect(found.filter(({ targetId }) => targetId === id)).toHaveLength(1)
})
