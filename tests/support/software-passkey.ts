import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import * as z from 'zod'
import type { RegistrationAnswer, SignInAnswer } from '../../contract/api/two-factor.ts'

const Challenge = z.object({ challenge: z.string() })

/** Where a browser would use it. */
interface Site {
  readonly origin: string
}

/** An authenticator of our own (WebAuthn level 2, ES256, attestation `none`), with one passkey. */
export function softwarePasskey({ origin }: Site) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const idText = id.toString('base64url')
  let counter = 0
  const credential = {
    id: idText,
    rawId: idText,
    type: 'public-key',
    clientExtensionResults: {},
  } as const

  const clientData = (type: string, options: unknown, at: string) =>
    Buffer.from(JSON.stringify({ type, challenge: Challenge.parse(options).challenge, origin: at }))

  /** Flags: present, verified, and with what was made when it is new. */
  const authenticatorData = (at: string, isNew: boolean, isVerified: boolean) => {
    const head = Buffer.alloc(5)
    head[0] = 0x01 | (isVerified ? 0x04 : 0) | (isNew ? 0x40 : 0)
    head.writeUInt32BE(counter, 1)
    const hash = createHash('sha256').update(new URL(at).hostname).digest()
    return Buffer.concat([hash, head, isNew ? attested() : Buffer.alloc(0)])
  }

  const attested = () => {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const key = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    return Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key)])
  }

  return {
    id: idText,
    /** The answer to an order to make it. */
    make(options: unknown, at: string = origin): RegistrationAnswer {
      const object = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authenticatorData(at, true, true)],
      ])
      return {
        ...credential,
        response: {
          clientDataJSON: clientData('webauthn.create', options, at).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(object as never)).toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    /** The answer to a question for it. `counts`: whether its counter grows, as with one that does not sync. */
    use(options: unknown, { at = origin, counts = true, isVerified = true } = {}): SignInAnswer {
      if (counts) counter += 1
      const data = authenticatorData(at, false, isVerified)
      const client = clientData('webauthn.get', options, at)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        ...credential,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      }
    },
  }
}
