import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Provider, type ProviderContext } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { onTestFinished } from 'vitest'
import { origin } from './world.ts'

/** What the provider says of one person. */
export type Person = Readonly<Record<string, unknown>> & { readonly sub: string }

export const clientSecret = 'the secret of the panel'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const lasts = ['AccessToken', 'AuthorizationCode', 'Grant', 'IdToken', 'Interaction', 'Session']
const oneHour = 3600

/** The panel in its several ways, and a client that is somebody else. */
function clientsAt(panel: string) {
  const redirect_uris = [`${panel}/sign-in/oidc`]
  const secret = { client_secret: clientSecret, redirect_uris }
  return [
    { client_id: 'panel', ...secret },
    { client_id: 'post', ...secret, token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'public', redirect_uris, token_endpoint_auth_method: 'none' },
    { client_id: 'other', ...secret },
  ]
}

/** A provider that ends with the test. */
export async function providerOfTest(person: Person | null) {
  const provider = await startProvider(person)
  onTestFinished(provider.stop)
  return provider
}

/**
 * A real OpenID provider on this machine. Whoever comes is `person`, and has nothing to do but to come; with
 * nobody set, they press cancel. Of its answers tests may bend what a dishonest one would.
 * @param panel where the panel is that it knows
 */
export async function startProvider(person: Person | null, panel = origin) {
  const state = {
    person,
    /** Bends the body of an answer, by its path. */
    bend: null as ((path: string, body: string) => string) | null,
    /** Paths in the order in which they were asked for. */
    asked: [] as string[],
  }
  const people = new Map<string, () => Person>()
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  const issuer = `http://127.0.0.1:${address.port}`
  const provider = new Provider(issuer, configuration(panel, people))
  const handle = provider.callback()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? ''
    state.asked.push(path)
    if (state.bend !== null) bendAnswer(response, path, state.bend)
    if (!path.startsWith('/interaction/')) return handle(request, response)
    if (state.person === null) {
      return provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'call this number',
      })
    }
    const { sub } = state.person
    people.set(sub, () => (state.person?.sub === sub ? state.person : { sub }))
    return provider.interactionFinished(request, response, { login: { accountId: sub } })
  }
  return Object.assign(state, { issuer, stop })
}

function configuration(
  panel: string,
  people: ReadonlyMap<string, () => Person>,
): Record<string, unknown> {
  return {
    adapter: createMemoryAdapter(0),
    clients: clientsAt(panel),
    jwks: { keys: [privateKey.export({ format: 'jwk' })] },
    ttl: Object.fromEntries(lasts.map((kind) => [kind, oneHour])),
    cookies: { keys: ['a key of the test'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups', 'realm_access'],
    },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: () => people.get(accountId)?.() ?? { sub: accountId },
    }),
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }: ProviderContext) => {
      const { clientId } = oidc.client
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid email profile groups')
      await grant.save()
      return grant
    },
  }
}

/** Puts another body in the place of the one that the provider would send. */
function bendAnswer(
  response: ServerResponse,
  path: string,
  bend: (path: string, body: string) => string,
): void {
  const end = response.end.bind(response)
  const bent = (body?: unknown) => {
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return end()
    response.removeHeader('content-length')
    return end(bend(path, String(body)))
  }
  response.end = bent as typeof end // of its forms the provider uses this one
}
