import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { WebSocket } from 'ws'
import { agents, nodes } from '../../contract/api/nodes.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import {
  decodeToAgent,
  type FromAgent,
  helloText,
  ping,
  pong,
  protocolVersion,
  type ToAgent,
} from '../../contract/protocol/frames.ts'
import type { Stack } from '../support/stack.ts'

/** The least that a panel takes for an agent: it joins, greets, and runs nothing. */
export interface BenchAgent {
  readonly nodeId: string
  readonly epoch: number
  send(frame: FromAgent): void
  /** Resolves with the next frame that the test accepts. */
  next<T extends ToAgent>(accepts: (frame: ToAgent) => frame is T): Promise<T>
  /** One text there and back, answered by the platform: the socket's own round trip. Milliseconds. */
  roundTrip(): Promise<number>
  close(): void
}

const gibibytes = 1024

/** Joins the panel as a new node with room for thousands of servers. */
export async function joinAsAgent(stack: Stack, name: string): Promise<BenchAgent> {
  const { id: nodeId } = await stack.call(nodes.create, {
    name,
    publicAddress: '127.0.0.1',
    maxMemoryMb: 1024 * gibibytes,
    portFrom: 1024,
    portTo: 65_000,
  })
  const { token } = await stack.call(nodes.makeJoinToken, { nodeId })
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const machineId = randomUUID()
  await stack.call(agents.enroll, { token, publicKey: raw.toString('base64'), machineId })

  const url = new URL('/api/agent/connect', stack.url)
  url.protocol = 'ws:'
  const socket = new WebSocket(url, {
    headers: { 'x-catalyst-node': nodeId },
    perMessageDeflate: false,
  })
  const listeners = new Set<(text: string) => void>()
  socket.on('message', (data) => {
    for (const listener of listeners) listener(String(data))
  })
  const next = <T extends ToAgent>(accepts: (frame: ToAgent) => frame is T): Promise<T> =>
    new Promise((resolve) => {
      const listener = (text: string) => {
        const frame = text === pong ? null : decodeToAgent(text)
        if (!frame?.ok || !accepts(frame.value)) return
        listeners.delete(listener)
        resolve(frame.value)
      }
      listeners.add(listener)
    })

  const challenge = await next((frame) => frame.type === 'challenge')
  const facts = { nodeId, machineId, bootNo: 1, connNo: 1, proto: protocolVersion }
  const signature = sign(null, Buffer.from(helloText(challenge.nonce, facts)), privateKey)
  const welcome = next((frame) => frame.type === 'welcome')
  const send = (frame: FromAgent) => socket.send(JSON.stringify(frame))
  send({
    type: 'hello',
    ...facts,
    bootId: 'bench',
    agentVersion: 'bench',
    host: {
      hostname: 'bench',
      os: 'bench',
      arch: 'x64',
      kernel: 'bench',
      cpus: 64,
      memoryMb: 1024 * gibibytes,
      diskMb: 1024 * gibibytes,
      diskFreeMb: 1024 * gibibytes,
    },
    runtime: { engine: null, runc: null, cgroup: 'unknown', warnings: [] },
    inflight: [],
    desiredDigest: desiredDigest([]),
    signature: signature.toString('base64'),
  })
  const { epoch } = await welcome
  return {
    nodeId,
    epoch,
    send,
    next,
    roundTrip: async () => {
      const began = performance.now()
      await new Promise<void>((resolve) => {
        const listener = (text: string) => {
          if (text !== pong) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
        socket.send(ping)
      })
      return performance.now() - began
    },
    close: () => socket.close(),
  }
}
