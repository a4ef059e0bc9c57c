import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { agents } from '../../contract/api/agents.ts'
import { NodeId } from '../../contract/ids.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import {
  decodeFromAgent,
  type FromAgent,
  type Hello,
  helloText,
  linkTimers,
  ping,
  pong,
  protocolVersion,
  type ToAgent,
} from '../../contract/protocol/frames.ts'
import type { DesiredServer, ObservedServer } from '../../contract/protocol/spec.ts'
import { objectHeaders } from '../../contract/rpc.ts'
import { until } from './until.ts'

type OfType<Frames extends { type: string }, Type> = Extract<Frames, { type: Type }>
type WithoutEpoch<Frame> = Frame extends { epoch: number } ? Omit<Frame, 'epoch'> : Frame

export const joinToken = 'the-join-token'

/** The object's side of one node's link, over a real WebSocket server, speaking by the contract. */
export class FakePanel {
  readonly nodeId = NodeId.parse('0190a000-0000-7000-8000-000000000001')
  readonly hellos: Hello[] = []
  readonly frames: FromAgent[] = []
  readonly desired = new Map<string, DesiredServer>()
  /** Commands that wait for the next welcome. */
  readonly waiting: Parameters<FakePanel['send']>[0][] = []
  /** `false`: a panel of before `welcome_end`. */
  endsWelcomes = true
  readonly closes: { code: number; reason: string }[] = []
  url = ''
  publicKey: string | null = null
  epoch = 0
  low = 1
  /** What the next hellos are answered with instead of a welcome. */
  refuseWith: { code: number; reason: string } | null = null
  answersPings = true
  /** Called while something is waited for: lets the agents' time pass. */
  onPoll = () => {}
  #socket: WebSocket | null = null
  readonly #server = createServer((request, response) => {
    void this.#enrol(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
  })

  /** Opens on a free port; closes after the test. */
  static async open(): Promise<FakePanel> {
    const panel = new FakePanel()
    const sockets = new WebSocketServer({ noServer: true })
    panel.#server.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (accepted) => panel.#greet(accepted, request))
    })
    await new Promise<void>((resolve) => panel.#server.listen(0, '127.0.0.1', resolve))
    const { port } = panel.#server.address() as AddressInfo // Listens on TCP, so it is one.
    panel.url = `http://127.0.0.1:${port}`
    onTestFinished(() => {
      for (const client of sockets.clients) client.terminate()
      panel.#server.close()
    })
    return panel
  }

  /** Sends a frame of the present epoch. */
  send(frame: WithoutEpoch<ToAgent>): void {
    if (this.#socket === null) throw new Error('no agent is connected')
    this.#socket.send(JSON.stringify({ epoch: this.epoch, ...frame }))
  }

  sendText(text: string): void {
    this.#socket?.send(text)
  }

  /** Wants a server to be so: keeps it, and tells the agent when one is connected. */
  want(server: DesiredServer): void {
    this.desired.set(server.serverId, server)
    if (this.#socket !== null && this.hellos.length > 0) this.send({ type: 'desired', server })
  }

  of<Type extends FromAgent['type']>(type: Type): OfType<FromAgent, Type>[] {
    return this.frames.filter((frame): frame is OfType<FromAgent, Type> => frame.type === type)
  }

  /** The newest report about a server. */
  observed(serverId: string): ObservedServer | undefined {
    return this.of('observed').findLast(({ observed }) => observed.serverId === serverId)?.observed
  }

  /** Waits for a claim, and lets the agents' time pass meanwhile. */
  until<T>(claim: () => T, what?: string): Promise<NonNullable<T>> {
    return until(() => {
      const value = claim()
      if (!value) this.onPoll()
      return value
    }, what)
  }

  untilState(serverId: string, state: ObservedServer['state']): Promise<ObservedServer> {
    return this.until(() => {
      const observed = this.observed(serverId)
      return observed?.state === state ? observed : null
    }, `state ${state}`)
  }

  untilWelcomed(times = 1): Promise<unknown> {
    return until(() => this.of('observed_end').length >= times, `${times} welcomes`)
  }

  /** Ends the link without a closing handshake. */
  cut(): void {
    this.#socket?.terminate()
  }

  close(code: number, reason = ''): void {
    this.#socket?.close(code, reason)
  }

  #greet(socket: WebSocket, request: IncomingMessage) {
    const nonce = randomBytes(24).toString('base64')
    socket.on('message', (data, isBinary) => {
      const text = data.toString()
      if (!isBinary && text === ping) {
        if (this.answersPings) socket.send(pong)
        return
      }
      const decoded = decodeFromAgent(text)
      if (!decoded.ok) return socket.close(4400, decoded.reason)
      if (decoded.value.type === 'hello') this.#hello(socket, nonce, decoded.value)
      else this.frames.push(decoded.value)
    })
    socket.on('close', (code, reason) => {
      this.closes.push({ code, reason: reason.toString() })
      if (this.#socket === socket) this.#socket = null
    })
    if (request.headers[objectHeaders.node] !== this.nodeId) return socket.close(4401, 'no node')
    socket.send(JSON.stringify({ type: 'challenge', nonce }))
  }

  #hello(socket: WebSocket, nonce: string, hello: Hello) {
    if (!this.#isSigned(nonce, hello)) return socket.close(4401, 'the signature is wrong')
    this.hellos.push(hello)
    if (this.refuseWith !== null) {
      const { code, reason } = this.refuseWith
      this.refuseWith = null
      return socket.close(code, reason)
    }
    this.epoch += 1
    this.#socket = socket
    const digest = desiredDigest(this.desired.values())
    this.send({
      type: 'welcome',
      proto: protocolVersion,
      incarnation: 0,
      low: this.low,
      serverTime: '2026-11-24T12:00:00.000Z',
      desiredDigest: digest,
      timers: { ...linkTimers },
    })
    if (hello.desiredDigest !== digest) {
      for (const server of this.desired.values()) this.send({ type: 'desired', server })
      this.send({ type: 'desired_end', digest })
    }
    for (const frame of this.waiting.splice(0)) this.send(frame)
    if (this.endsWelcomes) this.send({ type: 'welcome_end' })
  }

  #isSigned(nonce: string, hello: Hello): boolean {
    if (this.publicKey === null) return false
    const x = Buffer.from(this.publicKey, 'base64').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const text = Buffer.from(helloText(nonce, hello))
    return verify(null, text, key, Buffer.from(hello.signature, 'base64'))
  }

  async #enrol(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (request.url !== agents.enroll.path) {
      return { status: 404, body: { success: false } }
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = agents.enroll.body.parse(JSON.parse(Buffer.concat(chunks).toString()))
    if (body.token !== joinToken) {
      const error = 'The join token is wrong, used or expired. Make a new one.'
      const code = 'join_token_invalid'
      return { status: 401, body: { success: false, error, code, requestId: 'r1' } }
    }
    this.publicKey = body.publicKey
    return { status: 201, body: { success: true, data: { nodeId: this.nodeId, nodeName: 'here' } } }
  }
}
