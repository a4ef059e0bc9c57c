import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { systemClock } from '../../agent/clock.ts'
import { createConnection, type Incoming, type Outgoing } from '../../agent/connection.ts'
import type { Identity } from '../../agent/identity.ts'
import { createLog } from '../../agent/log.ts'
import { type LinkSocket, openSocket, type SocketHandlers } from '../../agent/socket.ts'
import { agents } from '../../contract/api/agents.ts'
import { nodes } from '../../contract/api/nodes.ts'
import type { NodeId } from '../../contract/ids.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import { ping, pong } from '../../contract/protocol/frames.ts'
import type { Stack } from '../support/stack.ts'

/** Where an agent joins: a running panel, called as its administrator. */
export type Panel = Pick<Stack, 'url' | 'call'>

/** The agent's own link, with nothing behind it: it joins, greets, pings and comes back, and runs nothing. */
export interface BenchAgent {
  readonly nodeId: NodeId
  /** How often it was welcomed. */
  readonly welcomes: () => number
  send(frame: Outgoing): void
  /** Called with each frame from now on; the returned function ends that. */
  hear(listener: (frame: Incoming) => void): () => void
  /** Resolves with the next frame that the test accepts. */
  next<T extends Incoming>(accepts: (frame: Incoming) => frame is T): Promise<T>
  /** One text there and back, answered by the platform: the socket's own round trip. Milliseconds. */
  roundTrip(): Promise<number>
  /** Ends the link for good. */
  close(): Promise<void>
}

const gibibytes = 1024

/** A node with room for thousands of servers, and the token that an agent joins it with. */
export async function makeNode({ call }: Panel, name: string) {
  const { id: nodeId } = await call(nodes.create, {
    name,
    publicAddress: '127.0.0.1',
    maxMemoryMb: 1024 * gibibytes,
    portFrom: 1024,
    portTo: 65_000,
  })
  return { nodeId, ...(await call(nodes.makeJoinToken, { nodeId })) }
}

/** Joins the panel as a new node; resolves when it was welcomed. */
export async function joinAsAgent(panel: Panel, name: string): Promise<BenchAgent> {
  const { nodeId, token } = await makeNode(panel, name)
  const identity = newIdentity(nodeId)
  const { machineId, publicKey } = identity
  await panel.call(agents.enroll, { token, publicKey, machineId })
  return connect(panel.url, nodeId, identity)
}

async function connect(url: URL, nodeId: NodeId, identity: Identity): Promise<BenchAgent> {
  const frames = new Set<(frame: Incoming) => void>()
  /** Who sent a ping, in order. One of the link's own answers a little early, and one comes too many. */
  const pinged: (() => void)[] = []
  let socket: LinkSocket | null = null
  let welcomes = 0
  const first = Promise.withResolvers<void>()
  const dial = (handlers: SocketHandlers) => {
    socket = openSocket(url.href, identity, {
      event: handlers.event,
      text: (from, text) => {
        if (text === pong) pinged.shift()?.()
        handlers.text(from, text)
      },
    })
    return socket
  }
  const clock = systemClock()
  const log = createLog({ format: 'json', verbose: false, now: clock.now, write: () => undefined })
  const connection = createConnection(
    { dial, identity, clock, random: Math.random, log, helloFacts },
    {
      up: () => {
        welcomes += 1
        first.resolve()
      },
      down: () => undefined,
      outdated: () => undefined,
      frame: (frame) => {
        for (const listener of frames) listener(frame)
        return true
      },
      unsupported: () => undefined,
    },
  )
  connection.start()
  await first.promise
  const hear = (listener: (frame: Incoming) => void) => {
    frames.add(listener)
    return () => void frames.delete(listener)
  }
  return {
    nodeId,
    welcomes: () => welcomes,
    send: (frame) => {
      if (!connection.send(frame)) throw new Error(`the link did not take a frame ${frame.type}`)
    },
    hear,
    next: (accepts) =>
      new Promise((resolve) => {
        const stop = hear((frame) => {
          if (!accepts(frame)) return
          stop()
          resolve(frame)
        })
      }),
    roundTrip: async () => {
      const began = performance.now()
      await new Promise<void>((resolve) => {
        pinged.push(resolve)
        socket?.send(ping)
      })
      return performance.now() - began
    },
    close: () => connection.stop(),
  }
}

/** Who an agent is, in memory: the disk is none of this bench's business. */
function newIdentity(nodeId: NodeId): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  let connNo = 0
  return {
    machineId: randomUUID(),
    publicKey: raw.toString('base64'),
    nodeId,
    panel: null,
    bootNo: 1,
    get connNo() {
      return connNo
    },
    boot: () => undefined,
    dialling: (next) => {
      connNo = next
    },
    enrolled: () => undefined,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}

function helloFacts() {
  return {
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
    runtime: {
      engine: { name: 'bench', version: '1' },
      runc: null,
      cgroup: 'unknown' as const,
      warnings: [],
    },
    inflight: [],
    desiredDigest: desiredDigest([]),
  }
}
