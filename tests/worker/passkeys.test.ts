import { expect, test } from 'vitest'
import { auth, users } from '../../contract/api/accounts.ts'
import { roles } from '../../contract/api/roles.ts'
import { passkeys, twoFactor } from '../../contract/api/two-factor.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { hashPassword, noPassword } from '../../worker/crypto.ts'
import { passkeys as passkeyRows } from '../../worker/db/schema/sign-in.ts'
import { softwarePasskey } from '../support/software-passkey.ts'
import { createWorld, origin, type World } from '../support/world.ts'

const currentPassword = 'correct horse battery'

async function annWithPasskey(w: World) {
  const passwordHash = await hashPassword(currentPassword, new Uint8Array(16))
  const ann = await w.user({ passwordHash, email: 'ann@example.org' })
  const passkey = softwarePasskey({ origin })
  const options = await ann.call(passkeys.begin, { currentPassword })
  const { recoveryCodes } = await ann.call(passkeys.add, {
    name: 'Laptop',
    answer: passkey.make(options),
  })
  return { ann, passkey, recoveryCodes: recoveryCodes ?? [] }
}

test('a passkey signs in without name or password, and counts as both factors', async () => {
  const w = await createWorld()
  const { ann, passkey } = await annWithPasskey(w)

  const options = await w.anonymous.call(passkeys.beginSignIn, {})
  const signedIn = await w.anonymous.call(passkeys.signIn, { answer: passkey.use(options) })

  expect(signedIn).toMatchObject({ id: ann.id, hasTwoFactor: true })
  const { passkeys: own } = await ann.call(twoFactor.state, {})
  expect(own).toMatchObject([{ name: 'Laptop', lastUsedAt: expect.any(String) }])
})

test('an account with a passkey is not opened by its password alone', async () => {
  const w = await createWorld()
  await annWithPasskey(w)

  const refused = await w.anonymous.fails(auth.login, {
    email: 'ann@example.org',
    password: currentPassword,
  })

  expect(refused).toMatchObject({
    code: 'second_factor_needed',
    details: { methods: ['recovery_code', 'passkey'], token: expect.any(String) },
  })
})

test('an answer is taken once, for this panel’s address, unlocked, and within five minutes', async () => {
  const w = await createWorld()
  const { passkey } = await annWithPasskey(w)
  const ask = () => w.anonymous.call(passkeys.beginSignIn, {})
  const refusal = async (answer: ReturnType<typeof passkey.use>) =>
    (await w.anonymous.fails(passkeys.signIn, { answer })).code
  const good = passkey.use(await ask())
  await w.anonymous.call(passkeys.signIn, { answer: good })

  // Its counter has not grown since: somebody else has used it.
  const copied = passkey.use(await ask(), { counts: false })
  const elsewhere = passkey.use(await ask(), { at: 'https://evil.example' })
  const locked = passkey.use(await ask(), { isVerified: false })
  const unasked = passkey.use({ challenge: 'bWFkZSB1cA' })
  const stranger = softwarePasskey({ origin }).use(await ask())
  for (const answer of [good, copied, elsewhere, locked, unasked, stranger]) {
    expect(await refusal(answer)).toBe('passkey_refused')
  }

  const [late, inTime] = [passkey.use(await ask()), passkey.use(await ask())]
  await w.anonymous.call(passkeys.signIn, { answer: inTime })
  w.clock.advance(5 * 60_000 + 1)
  expect(await refusal(late)).toBe('passkey_refused')
})

test('a challenge for one thing is not taken for another', async () => {
  const w = await createWorld()
  const { ann, passkey } = await annWithPasskey(w)
  const bob = await w.user()

  const toRegister = await ann.call(passkeys.begin, { currentPassword })
  const signIn = await w.anonymous.fails(passkeys.signIn, { answer: passkey.use(toRegister) })
  const other = softwarePasskey({ origin })
  const forAnn = await ann.call(passkeys.begin, { currentPassword })
  const byBob = await bob.fails(passkeys.add, { name: 'Stolen', answer: other.make(forAnn) })

  expect([signIn.code, byBob.code]).toEqual(['passkey_refused', 'passkey_refused'])
})

test('a new passkey takes the password again and ends every other session', async () => {
  const w = await createWorld()
  const { ann, passkey } = await annWithPasskey(w)
  const answer = passkey.use(await w.anonymous.call(passkeys.beginSignIn, {}))
  const { token } = await w.anonymous.call(passkeys.signIn, { answer })
  const elsewhere = () => w.send('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })
  expect((await elsewhere()).status).toBe(200)

  expect((await ann.fails(passkeys.begin, {})).code).toBe('wrong_password')
  const options = await ann.call(passkeys.begin, { currentPassword })
  const second = softwarePasskey({ origin })
  const added = await ann.call(passkeys.add, { name: 'Phone', answer: second.make(options) })
  expect(added).toMatchObject({ passkey: { name: 'Phone' }, recoveryCodes: null })

  expect((await elsewhere()).status).toBe(401)
  const renamed = await ann.call(passkeys.rename, { passkeyId: second.id, name: 'Key' })
  expect(renamed.name).toBe('Key')
  const unproved = await ann.fails(passkeys.remove, { passkeyId: second.id })
  expect(unproved.code).toBe('wrong_password')
  await ann.call(passkeys.remove, { passkeyId: second.id, currentPassword })
  const { passkeys: left } = await ann.call(twoFactor.state, {})
  expect(left.map(({ name }) => name)).toEqual(['Laptop'])
})

test('the last factor stays while a role asks for one, and an administrator can take all away', async () => {
  const w = await createWorld()
  const { ann, passkey } = await annWithPasskey(w)
  const admin = await w.admin()
  await admin.call(roles.update, { roleId: builtinRoles.user.id, requiresTwoFactor: true })

  const kept = await ann.fails(passkeys.remove, { passkeyId: passkey.id, currentPassword })
  await admin.call(twoFactor.reset, { userId: ann.id })

  expect(kept.code).toBe('two_factor_required')
  expect((await ann.fails(auth.me, {})).status).toBe(401)
  const page = await admin.page(users.list, {})
  expect(page.items.find(({ id }) => id === ann.id)?.hasTwoFactor).toBe(false)
  const answer = passkey.use(await w.anonymous.call(passkeys.beginSignIn, {}))
  expect((await w.anonymous.fails(passkeys.signIn, { answer })).code).toBe('passkey_refused')
})

test('whoever loses the only passkey signs in with a recovery code, and adds another one', async () => {
  const w = await createWorld()
  const { ann, passkey, recoveryCodes } = await annWithPasskey(w)
  const [code = ''] = recoveryCodes
  const login = { email: 'ann@example.org', password: currentPassword }
  const { details } = await w.anonymous.fails(auth.login, login)
  const { token } = details as { token: string } // the code's own details

  const signedIn = await w.anonymous.call(twoFactor.secondStep, { token, code })
  await ann.call(passkeys.remove, { passkeyId: passkey.id, currentPassword })

  expect([recoveryCodes.length, signedIn.id]).toEqual([10, ann.id])
  expect(await ann.call(twoFactor.state, {})).toMatchObject({ recoveryCodesLeft: 0, passkeys: [] })
  expect((await w.anonymous.call(auth.login, login)).hasTwoFactor).toBe(false)
})

test('an account has twenty passkeys at most, however many are added at once', async () => {
  const w = await createWorld()
  const ann = await w.user({ passwordHash: noPassword })
  const answers = []
  for (let made = 0; made < 25; made += 1) {
    answers.push(softwarePasskey({ origin }).make(await ann.call(passkeys.begin, {})))
  }
  const replies = await Promise.all(
    answers.map((answer) =>
      ann.send(passkeys.add.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Key', answer }),
      }),
    ),
  )

  expect(replies.filter(({ status }) => status === 201)).toHaveLength(20)
  expect(await w.deps.db.select().from(passkeyRows)).toHaveLength(20)
})

test('a disabled account is not opened by its passkey', async () => {
  const w = await createWorld()
  const { ann, passkey } = await annWithPasskey(w)
  await (await w.admin()).call(users.update, { userId: ann.id, disabled: true })

  const answer = passkey.use(await w.anonymous.call(passkeys.beginSignIn, {}))

  expect((await w.anonymous.fails(passkeys.signIn, { answer })).code).toBe('account_disabled')
})
