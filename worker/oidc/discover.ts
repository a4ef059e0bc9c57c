import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { refusalOf } from './address.ts'
import { NotAsked, type Outside, requestOptions } from './ask.ts'

/** A provider with all that a sign-in needs. */
export interface Provider {
  readonly server: AuthorizationServer
  readonly authorizationEndpoint: string
}

const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const called = [...needed, 'userinfo_endpoint'] as const

/**
 * Reads a provider's configuration (OpenID Connect Discovery 1.0), and checks each address that it names: the
 * panel is not to be sent anywhere by it that it would not go by itself.
 * @throws {NotAsked} and what the protocol's library throws
 */
export async function discover(outside: Outside, issuer: string): Promise<Provider> {
  const reason = refusalOf(issuer, outside.allowsPrivate)
  if (reason !== null) throw new NotAsked(reason)
  const url = new URL(issuer)
  const response = await discoveryRequest(url, requestOptions(outside))
  const server = await processDiscoveryResponse(url, response)
  for (const name of needed) {
    if (typeof server[name] !== 'string') throw new NotAsked(`It names no ${name}.`)
  }
  for (const name of called) {
    const address: unknown = server[name]
    if (address === undefined) continue
    const refusal = refusalOf(String(address), outside.allowsPrivate)
    if (refusal !== null) throw new NotAsked(`Its ${name}: ${refusal}`)
  }
  return { server, authorizationEndpoint: String(server.authorization_endpoint) }
}
