import type { NodeId } from '../../contract/ids.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import {
  decodeToAgent,
  type FromAgent,
  type Hello,
  helloText,
  pong,
  protocolVersion,
  type ToAgent,
} from '../../contract/protocol/frames.ts'
import { objectHeaders, objectPaths } from '../../contract/rpc.ts'
import { host, runtime } from '../core/examples.ts'
import { until } from './until.ts'

type Frame<Type extends ToAgent['type']> = Extract<ToAgent, { type: Type }>
type Unaddressed<F> = F extends { readonly epoch: number } ? Omit<F, 'epoch'> : never

/** The key pair of one agent, as it would make it when it enrols. */
export class AgentKey {
  readonly publicKey: string
  private readonly pair: CryptoKeyPair

  private constructor(pair: CryptoKeyPair, publicKey: string) {
    this.pair = pair
    this.publicKey = publicKey
  }

  static async make(): Promise<AgentKey> {
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])
    if (!('publicKey' in pair)) throw new Error('Ed25519 makes pairs')
    const raw = await crypto.subtle.exportKey('raw', pair.publicKey)
    if (!(raw instanceof ArrayBuffer)) throw new Error('a raw key is bytes')
    return new AgentKey(pair, base64(raw))
  }

  async sign(text: string): Promise<string> {
    const bytes = new TextEncoder().encode(text)
    return base64(await crypto.subtle.sign({ name: 'Ed25519' }, this.pair.privateKey, bytes))
  }
}

/** One connection of an agent that speaks the protocol truly unless told otherwise. */
export class AgentDouble {
  readonly socket: WebSocket
  readonly frames: ToAgent[] = []
  closed: { readonly code: number; readonly reason: string } | null = null
  epoch = 0
  pongs = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.accept()
    socket.addEventListener('message', ({ data }) => {
      if (data === pong) {
        this.pongs += 1
        return
      }
      const frame = decodeToAgent(data)
      if (!frame.ok) throw new Error(`the object sent what no agent understands: ${frame.reason}`)
      this.frames.push(frame.value)
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
    })
  }

  static async dial(stub: DurableObjectStub, nodeId: NodeId): Promise<AgentDouble> {
    const reply = await stub.fetch(`https://object${objectPaths.agent}`, {
      headers: { upgrade: 'websocket', [objectHeaders.node]: nodeId },
    })
    if (reply.webSocket === null) throw new Error(`no socket but ${reply.status}`)
    return new AgentDouble(reply.webSocket)
  }

  /** Answers the challenge; `changes` makes another hello of it. */
  async hello(nodeId: NodeId, key: AgentKey, changes: Partial<Hello>): Promise<void> {
    const { nonce } = await this.next('challenge')
    const plain = { nodeId, machineId: 'machine-1', bootNo: 1, connNo: 1, proto: protocolVersion }
    const signature = await key.sign(helloText(nonce, { ...plain, ...changes }))
    const rest = { bootId: 'boot', agentVersion: '1.0.0', host, runtime, inflight: [] }
    const desiredDigestOf = desiredDigest([])
    this.raw({
      type: 'hello',
      ...plain,
      ...rest,
      desiredDigest: desiredDigestOf,
      signature,
      ...changes,
    })
  }

  async welcomed(): Promise<Frame<'welcome'>> {
    const welcome = await this.next('welcome')
    this.epoch = welcome.epoch
    return welcome
  }

  /** Waits for the first frame of a type, from the `from`-th frame on. */
  async next<Type extends ToAgent['type']>(type: Type, from = 0): Promise<Frame<Type>> {
    return until(() => this.of(type, from)[0], `a ${type} frame`)
  }

  of<Type extends ToAgent['type']>(type: Type, from = 0): Frame<Type>[] {
    return this.frames.slice(from).filter((frame): frame is Frame<Type> => frame.type === type)
  }

  /** Sends a frame in the epoch of the welcome. */
  say(frame: Unaddressed<FromAgent>): void {
    this.raw({ ...frame, epoch: this.epoch })
  }

  raw(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    return until(() => this.closed ?? undefined, 'the socket to close')
  }
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
