import type { ProviderId } from '../../contract/ids.ts'
import { noPassword } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { externalIdentities, oidcProviders } from '../../worker/db/schema/sign-in.ts'
import { newId } from '../../worker/services/context.ts'
import { makeAttempt } from '../../worker/services/oidc/attempt.ts'
import { secretPlace } from '../../worker/services/oidc/stored.ts'
import { theCaller } from './the-caller.ts'
import type { World } from './world.ts'

export type ProviderChange = Partial<typeof oidcProviders.$inferInsert> & {
  /** In the clear. */
  readonly secret?: string
}

/** Valid inputs for the endpoints of sign-in providers. Whoever signed in is who links. */
export function oidcInputs(w: World) {
  const url = 'https://id.example.com/authorize?state=s'
  const provider = async () => ({ providerId: (await aProvider(w)).id })
  return {
    'oidcProviders.list': async () => ({}),
    'oidcProviders.create': async () => ({
      name: 'Example',
      issuer: 'https://id.example.com',
      clientId: 'panel',
    }),
    'oidcProviders.update': async () => ({ ...(await provider()), scopes: 'openid' }),
    'oidcProviders.delete': provider,
    'oidcProviders.test': async () => {
      w.oidc.answers.probe = { ok: false, fault: 'broken', said: 'It does not answer.' }
      return { issuer: 'https://id.example.com' }
    },
    'oidc.providers': async () => ({}),
    'oidc.begin': async () => {
      w.oidc.answers.begin = { ok: true, value: { url } }
      return provider()
    },
    'oidc.finish': async () => ({ state: 'unknown', code: 'code' }),
    'identities.list': async () => ({}),
    'identities.begin': async () => {
      await w.deps.db.update(users).set({ passwordHash: noPassword })
      w.oidc.answers.begin = { ok: true, value: { url } }
      return provider()
    },
    'identities.finish': async () => {
      const { id: providerId } = await aProvider(w)
      w.oidc.answers.redeem = { ok: true, value: { subject: 'somebody', claims: {} } }
      return { state: await aLink(w, providerId), code: 'code' }
    },
    'identities.unlink': async () => {
      const { id: providerId } = await aProvider(w)
      const { id: userId } = await theCaller(w)
      const row = { providerId, subject: `of ${providerId}`, userId, createdAt: 0 }
      await w.deps.db.insert(externalIdentities).values(row)
      return { providerId }
    },
  }
}

/** A provider, past the API. */
export async function aProvider(w: World, { secret, ...change }: ProviderChange = {}) {
  const id = newId<ProviderId>(w.deps)
  const [row] = await w.deps.db
    .insert(oidcProviders)
    .values({
      id,
      name: `Provider ${id.slice(-4)}`,
      issuer: 'https://id.example.com',
      clientId: 'panel',
      clientSecret: secret === undefined ? null : w.deps.secrets.seal(secretPlace(id), secret),
      scopes: 'openid email profile',
      claimRules: [],
      createsAccounts: false,
      enabled: true,
      createdAt: w.clock.now(),
      ...change,
    })
    .returning()
  if (row === undefined) throw new Error('no row')
  return row
}

async function aLink(w: World, providerId: ProviderId): Promise<string> {
  const { id: userId, tokenHash: binding } = await theCaller(w)
  const ctx = { ...w.deps, request: { id: '', ip: null, userAgent: null, origin: '' } }
  const order = { providerId, binding, userId, rememberMe: false }
  const { state } = await makeAttempt(w.deps.db, ctx, order)
  return state
}
