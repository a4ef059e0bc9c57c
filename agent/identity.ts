import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { NodeId } from '../contract/ids.ts'
import { readIfThere, writeDurably } from './storage/durable-file.ts'

const Card = z.object({
  machineId: z.uuid(),
  /** Where the agent enrolled and as which node; null until it did. */
  panel: z.url().nullable(),
  nodeId: NodeId.nullable(),
  bootNo: z.int().min(0),
  connNo: z.int().min(0),
})
type Card = z.infer<typeof Card>

const cardName = 'identity.json'

/** Who this agent is: kept in the data directory, written through to disk at every change. */
export interface Identity {
  readonly machineId: string
  /** Raw Ed25519 public key, 32 bytes in base64. */
  readonly publicKey: string
  readonly nodeId: NodeId | null
  readonly panel: string | null
  readonly bootNo: number
  readonly connNo: number
  /** Counts this start of the agent [N2]. */
  boot(): void
  /** Notes the number of an attempt; on disk when the call returns. */
  dialling(connNo: number): void
  enrolled(panel: string, nodeId: NodeId): void
  /** Ed25519 signature in base64. */
  sign(text: string): string
}

/** Reads the identity of a data directory, and makes one where there is none. */
export function openIdentity(dataDir: string): Identity {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, cardName)
  const key = openKey(join(dataDir, 'node.key'))
  let card: Card = readCard(path) ?? {
    machineId: randomUUID(),
    panel: null,
    nodeId: null,
    bootNo: 0,
    connNo: 0,
  }
  const save = (change: Partial<Card>) => {
    card = { ...card, ...change }
    writeDurably(path, `${JSON.stringify(card, null, 2)}\n`)
  }
  return {
    machineId: card.machineId,
    publicKey: rawPublicKey(key),
    get nodeId() {
      return card.nodeId
    },
    get panel() {
      return card.panel
    },
    get bootNo() {
      return card.bootNo
    },
    get connNo() {
      return card.connNo
    },
    boot: () => save({ bootNo: card.bootNo + 1 }),
    dialling: (connNo) => save({ connNo }),
    enrolled: (panel, nodeId) => save({ panel, nodeId }),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  }
}

/** Where a data directory was joined, without making anything; null: it is no agent's yet. */
export function peekIdentity(dataDir: string): Pick<Card, 'panel' | 'nodeId'> | null {
  return readCard(join(dataDir, cardName))
}

/** The kernel's id of this boot; it changes when the host restarts and not when the agent does. */
export function kernelBootId(): string {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown'
}

function readCard(path: string): Card | null {
  const text = readIfThere(path)
  if (text === null) return null
  const parsed = Card.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new Error(`${path} is damaged. Move it away and join the node again.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // Refused by the schema like any other nonsense.
  }
}

function openKey(path: string): KeyObject {
  const pem = readIfThere(path)
  if (pem !== null) return createPrivateKey(pem)
  const { privateKey } = generateKeyPairSync('ed25519')
  writeDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return privateKey
}

/** The last 32 bytes of the DER form are the key itself (RFC 8410). */
function rawPublicKey(key: KeyObject): string {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return der.subarray(-32).toString('base64')
}
