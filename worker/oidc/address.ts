import { isPrivateHost } from '../outgoing-address.ts'

const loopback = ['127.0.0.1', '[::1]', 'localhost']

/**
 * Why the panel does not call an address of a provider [S11]; null: it may. Asked of the issuer and again of
 * every address that the issuer names. A Worker cannot look a name up and connect to what it found: a name
 * that leads inside is the platform's to stop, which on Cloudflare it does.
 * @param allowsPrivate the panel's own machine and network are open to it, the machine also without TLS
 */
export function refusalOf(address: string, allowsPrivate: boolean): string | null {
  if (!URL.canParse(address)) return 'It is no address.'
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return 'An address may hold no user and password.'
  if (protocol !== 'https:' && protocol !== 'http:') return 'The address has to begin with https.'
  if (isPrivateHost(hostname) && !allowsPrivate) {
    return 'Addresses inside a private network are not allowed here.'
  }
  const isPlain = protocol === 'http:'
  if (isPlain && !(allowsPrivate && loopback.includes(hostname))) {
    return 'The address has to begin with https.'
  }
  return null
}
