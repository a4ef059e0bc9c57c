import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  getValidatedIdTokenClaims,
  None,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  userInfoRequest,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from 'oauth4webapi'
import { type Claims, mergedClaims } from '../services/oidc/claims.ts'
import type {
  Attempt,
  OidcGate,
  Outcome,
  Party,
  ProviderAnswer,
  Vouched,
} from '../services/oidc/gate.ts'
import { NotAsked, type Outside, requestOptions } from './ask.ts'
import { discover } from './discover.ts'
import { failureOf } from './failures.ts'

/** The real gate: the authorization code flow with PKCE, state and nonce, over HTTPS. */
export function createOidcGate(outside: Outside): OidcGate {
  return {
    begin: (party, attempt) => outcomeOf(party, () => begin(outside, party, attempt)),
    redeem: (party, attempt, answer) =>
      outcomeOf(party, () => redeem(outside, party, attempt, answer)),
    probe: (issuer) => outcomeOf({ clientSecret: null }, () => probe(outside, issuer)),
  }
}

async function outcomeOf<T>(
  { clientSecret }: Pick<Party, 'clientSecret'>,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return failureOf(error, clientSecret ?? '')
  }
}

async function begin(outside: Outside, party: Party, attempt: Attempt) {
  const { authorizationEndpoint } = await discover(outside, party.issuer)
  const url = new URL(authorizationEndpoint)
  const { clientId, scopes } = party
  const { state, nonce, verifier, redirectUri } = attempt
  const asked = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { url: url.href }
}

async function redeem(
  outside: Outside,
  party: Party,
  { state, nonce, verifier, redirectUri }: Attempt,
  answer: ProviderAnswer,
): Promise<Vouched> {
  const { server } = await discover(outside, party.issuer)
  const client: Client = { client_id: party.clientId }
  const options = requestOptions(outside)
  const given = Object.entries({ ...answer }).filter(([, value]) => value !== undefined)
  const callback = validateAuthResponse(
    server,
    client,
    new URLSearchParams(given.map(([name, value]) => [name, String(value)])),
    state,
  )
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    authenticationOf(server, party),
    callback,
    redirectUri,
    verifier,
    options,
  )
  const tokens = await processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  // TLS vouches for the token as well; a provider on loopback has none.
  await validateApplicationLevelSignature(server, response, options)
  const idToken = getValidatedIdTokenClaims(tokens)
  if (idToken === undefined) throw new NotAsked('It gives no ID token.')
  const { sub } = idToken
  const userinfo = await readUserInfo(outside, server, client, { sub, token: tokens.access_token })
  return { subject: sub, claims: mergedClaims(idToken, userinfo) }
}

async function readUserInfo(
  outside: Outside,
  server: AuthorizationServer,
  client: Client,
  { sub, token }: { readonly sub: string; readonly token: string },
): Promise<Claims> {
  if (server.userinfo_endpoint === undefined) return {}
  const options = requestOptions(outside)
  const response = await userInfoRequest(server, client, token, options)
  const claims = await processUserInfoResponse(server, client, sub, response)
  const isSigned = response.headers.get('content-type')?.startsWith('application/jwt') ?? false
  if (isSigned) await validateApplicationLevelSignature(server, response, options)
  return claims
}

/** As the provider takes it; where it does not say, as the specification has it. */
function authenticationOf(
  { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] }: AuthorizationServer,
  { clientSecret }: Party,
): ClientAuth {
  if (clientSecret === null) return None()
  if (methods.includes('client_secret_basic')) return ClientSecretBasic(clientSecret)
  if (methods.includes('client_secret_post')) return ClientSecretPost(clientSecret)
  throw new NotAsked('It takes no client secret; leave that out.')
}

async function probe(outside: Outside, issuer: string) {
  const { server } = await discover(outside, issuer)
  const { code_challenge_methods_supported: methods, scopes_supported: scopes } = server
  const notes = [
    methods !== undefined && !methods.includes('S256') ? 'It does not say that it knows PKCE.' : '',
    scopes !== undefined && !scopes.includes('email') ? 'It does not offer the scope email.' : '',
    server.userinfo_endpoint === undefined ? 'Claims come from the ID token alone.' : '',
  ]
  const said = [`${server.issuer} answers as it should.`, ...notes]
  return { said: said.filter((note) => note !== '').join(' ') }
}
