import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { users } from '../../contract/api/accounts.ts'
import { oidcProviders } from '../../contract/api/oidc.ts'
import { roles } from '../../contract/api/roles.ts'
import { settings } from '../../contract/api/settings.ts'
import type { CallInput, Endpoint } from '../../contract/endpoint.ts'
import { allPermissions, builtinRoles } from '../../contract/permissions.ts'
import { userRoles } from '../../worker/db/schema/rights.ts'
import { smtp } from '../support/mail-settings.ts'
import { createWorld } from '../support/world.ts'
import { addKey } from '../support/world-keys.ts'

/** Somebody whose rights are taken away while their request is on its way: known already, not yet carried out. */
async function losing() {
  const w = await createWorld()
  await w.admin()
  const falling = await w.admin()
  const key = await addKey(w, falling.id, allPermissions)
  const accomplice = await w.user()
  const refusal = async <E extends Endpoint>(endpoint: E, input: CallInput<E>) => {
    let fall: Promise<unknown> = Promise.resolve()
    w.throttle.broken = () => {
      w.throttle.broken = null
      fall = w.deps.db.delete(userRoles).where(eq(userRoles.userId, falling.id)).then()
      return null
    }
    const { status, code } = await key.fails(endpoint, input)
    await fall
    return [status, code]
  }
  return { accomplice, refusal }
}

const roleIds = [builtinRoles.administrator.id]
const refused = [403, 'exceeds_your_rights']

describe('rights that are taken away are not saved at the last moment by giving them', () => {
  test('to an accomplice', async () => {
    const { accomplice, refusal } = await losing()
    expect(await refusal(users.setRoles, { userId: accomplice.id, roleIds })).toEqual(refused)
  })

  test('to a new account', async () => {
    const { refusal } = await losing()
    const given = { email: 'new@example.org', name: 'New', roleIds }
    expect(await refusal(accountLinks.invite, { ...given, byMail: false })).toEqual([
      403,
      'forbidden',
    ])
  })

  test('to a role', async () => {
    const { refusal } = await losing()
    const permissions = ['user.set_roles' as const]
    expect(await refusal(roles.create, { name: 'Mine', permissions })).toEqual(refused)
  })

  test('to whoever a provider vouches for', async () => {
    const { refusal } = await losing()
    const claimRules = [{ claim: 'sub', value: 'me', roleId: builtinRoles.administrator.id }]
    const fields = { issuer: 'https://id.example.org', clientId: 'panel', scopes: 'openid' }
    const given = { name: 'Mine', ...fields, claimRules, createsAccounts: false, enabled: true }
    expect(await refusal(oidcProviders.create, given)).toEqual(refused)
  })

  test('nor by reading the mail of others', async () => {
    const { refusal } = await losing()
    expect(await refusal(settings.update, { mail: smtp })).toEqual(refused)
  })
})
