import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { type RawData, WebSocket } from 'ws'
import { agents } from '../../contract/api/agents.ts'
import { nodes } from '../../contract/api/nodes.ts'
import type { NodeId } from '../../contract/ids.ts'
import {
  decodeToAgent,
  type FromAgent,
  type Hello,
  helloText,
  pong,
  protocolVersion,
  type ToAgent,
} from '../../contract/protocol/frames.ts'
import { objectHeaders } from '../../contract/rpc.ts'
import { hello, host, runtime } from '../core/examples.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

type Unaddressed<F> = F extends { readonly epoch: number } ? Omit<F, 'epoch'> : never
type FrameOf<Type extends ToAgent['type']> = Extract<ToAgent, { type: Type }>

/** A node with a key and numbers of its own, whose agent is played by a test. */
export class ScriptedNode {
  readonly nodeId: NodeId
  readonly machineId: string
  private readonly stack: Stack
  private readonly key: KeyObject
  private connNo = 0

  private constructor(stack: Stack, nodeId: NodeId, machineId: string, key: KeyObject) {
    this.stack = stack
    this.nodeId = nodeId
    this.machineId = machineId
    this.key = key
  }

  /** Joins the panel as a new node. */
  static async join(stack: Stack, name: string): Promise<ScriptedNode> {
    const { id: nodeId } = await stack.call(nodes.create, { name, publicAddress: '127.0.0.1' })
    const { token } = await stack.call(nodes.makeJoinToken, { nodeId })
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const machineId = randomUUID()
    await stack.call(agents.enroll, { token, publicKey: raw.toString('base64'), machineId })
    return new ScriptedNode(stack, nodeId, machineId, privateKey)
  }

  /** Opens a socket to a node's object: this one's, unless another is named. */
  dial(nodeId: NodeId = this.nodeId): ScriptedAgent {
    const url = new URL('/api/agent/connect', this.stack.url)
    url.protocol = 'ws:'
    return new ScriptedAgent(
      new WebSocket(url, {
        headers: { [objectHeaders.node]: nodeId },
        perMessageDeflate: false,
      }),
    )
  }

  /** Dials, greets and is welcomed. */
  async connect(): Promise<ScriptedAgent> {
    const agent = this.dial()
    await this.greet(agent)
    await agent.welcomed()
    return agent
  }

  /** Answers the challenge with this node's key; `change` makes another hello of it. */
  async greet(agent: ScriptedAgent, change: Partial<Hello> = {}): Promise<void> {
    const { nonce } = await agent.next('challenge')
    this.connNo += 1
    const { nodeId, machineId, connNo } = this
    const facts = { nodeId, machineId, bootNo: 1, connNo, proto: protocolVersion, ...change }
    const signature = sign(null, Buffer.from(helloText(nonce, facts)), this.key).toString('base64')
    agent.raw({ ...hello(), host, runtime, ...facts, signature })
  }
}

/** One real socket of a scripted node. */
export class ScriptedAgent {
  readonly frames: ToAgent[] = []
  closed: { readonly code: number; readonly reason: string } | null = null
  /** Told of each frame after the welcome, at once. */
  onFrame: (frame: ToAgent) => void = () => undefined
  epoch = 0
  private readonly socket: WebSocket

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.take(data))
    socket.on('error', () => undefined) // `close` follows, and tells it
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
  }

  async welcomed(): Promise<void> {
    const { epoch } = await this.next('welcome')
    this.epoch = epoch
  }

  /** The first frame of a type from the `from`-th on; fails when the socket ends before. */
  async next<Type extends ToAgent['type']>(type: Type, from = 0): Promise<FrameOf<Type>> {
    return until(() => {
      const found = this.of(type, from)[0]
      if (found === undefined && this.closed !== null) {
        throw new Error(`closed with ${this.closed.code} before a ${type} frame`)
      }
      return found
    }, `a ${type} frame`)
  }

  of<Type extends ToAgent['type']>(type: Type, from = 0): FrameOf<Type>[] {
    return this.frames.slice(from).filter((frame): frame is FrameOf<Type> => frame.type === type)
  }

  /** Sends a frame in the epoch of the welcome. */
  say(frame: Unaddressed<FromAgent>): void {
    this.raw({ ...frame, epoch: this.epoch })
  }

  raw(frame: string | Buffer | object): void {
    const isReady = typeof frame === 'string' || Buffer.isBuffer(frame)
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(isReady ? frame : JSON.stringify(frame))
    }
  }

  end(): Promise<{ readonly code: number; readonly reason: string }> {
    return until(() => this.closed, 'the socket to close')
  }

  /** Calls back when the socket has ended. */
  onEnd(call: () => void): void {
    if (this.closed === null) this.socket.once('close', call)
    else call()
  }

  close(): void {
    this.socket.terminate()
  }

  private take(data: RawData): void {
    const text = String(data)
    if (text === pong) return
    const frame = decodeToAgent(text)
    if (!frame.ok) throw new Error(`the object sent what no agent understands: ${frame.reason}`)
    this.frames.push(frame.value)
    this.onFrame(frame.value)
  }
}
