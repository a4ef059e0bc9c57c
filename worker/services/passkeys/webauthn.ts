/**
 * The library that speaks WebAuthn. It takes longer to start than all the rest of the Worker, so it starts
 * when a passkey is first asked for.
 */
export function webAuthn() {
  return import('@simplewebauthn/server')
}
