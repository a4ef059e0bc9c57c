import * as z from 'zod'
import { NodeId, OperationId, ServerId } from '../ids.ts'
import { Command, CommandResult, Progress } from './commands.ts'
import { ConsoleLine, ResourceSample } from './console.ts'
import { DesiredServer, ObservedServer } from './spec.ts'

/** This side's version of the link. A peer one older or newer is still understood [N8]. */
export const protocolVersion = 1
export const oldestProtocol = 1

/** Longest frame either side may send, in bytes of UTF-8 [N8]. */
export const maxFrameBytes = 262_144

export const CloseCode = {
  /** A newer socket of the same agent took over. */
  replaced: 4001,
  /** A frame was not understood; the reason says what. */
  protocol: 4400,
  /** Not enrolled, revoked, or the signature is wrong. */
  unauthorized: 4401,
  /** Another machine holds this node. */
  duplicate: 4403,
  /** No pong for too long. */
  silent: 4408,
  /** `connNo` was seen before; the reason holds the known number. */
  stale: 4409,
  /** The panel asks for a new connection. */
  again: 4410,
} as const

/** Link timers in milliseconds; fault runs divide all of them by one number [N11]. */
export const linkTimers = {
  pingEvery: 15_000,
  agentGivesUpAfter: 40_000,
  objectGivesUpAfter: 50_000,
  helloWithin: 10_000,
  reconnectAtMost: 30_000,
  goodLinkAfter: 60_000,
  refusedWaits: 300_000,
} as const
export type LinkTimers = { readonly [Name in keyof typeof linkTimers]: number }

/** The platform answers this text without waking the object. */
export const ping = 'ping'
export const pong = 'pong'

const epoch = z.int().min(1)

export const HostFacts = z.object({
  hostname: z.string().max(255),
  os: z.string().max(200),
  arch: z.string().max(32),
  kernel: z.string().max(200),
  cpus: z.int().min(1),
  memoryMb: z.int().min(0),
  diskMb: z.int().min(0),
  diskFreeMb: z.int().min(0),
  /** Where its servers may be reached; agents before this one do not say. */
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(256)
    .optional(),
})
export type HostFacts = z.infer<typeof HostFacts>

export const RuntimeFacts = z.object({
  /** Null while no engine answers. */
  engine: z.object({ name: z.string().max(64), version: z.string().max(64) }).nullable(),
  runc: z.string().max(64).nullable(),
  cgroup: z.enum(['v1', 'v2', 'unknown']),
  /** Things an admin should know: an old runc, no quota, no firewall. */
  warnings: z.array(z.string().max(500)).max(32),
})
export type RuntimeFacts = z.infer<typeof RuntimeFacts>

export const Hello = z.object({
  type: z.literal('hello'),
  proto: z.int().min(1),
  nodeId: NodeId,
  machineId: z.string().min(8).max(128),
  bootNo: z.int().min(1),
  connNo: z.int().min(1),
  /** The kernel's boot id: tells a host's reboot from an agent's restart. */
  bootId: z.string().max(64),
  agentVersion: z.string().max(64),
  host: HostFacts,
  runtime: RuntimeFacts,
  /** Journal rows that are not settled. */
  inflight: z.array(OperationId).max(4096),
  /** Of the desired states the agent keeps; when it differs from the object's, all are sent [D1]. */
  desiredDigest: z.string().max(128),
  /** Ed25519 over `helloText`, base64. */
  signature: z.base64().max(128),
})
export type Hello = z.infer<typeof Hello>

/** What a hello's signature covers; the nonce makes each one good for one socket. */
export function helloText(
  nonce: string,
  hello: Pick<Hello, 'nodeId' | 'machineId' | 'bootNo' | 'connNo' | 'proto'>,
): string {
  const { nodeId, machineId, bootNo, connNo, proto } = hello
  return ['catalyst-hello-1', nonce, nodeId, machineId, bootNo, connNo, proto].join('\n')
}

/** Past tense, up: what an agent says. Every frame after `hello` carries the epoch [N4]. */
export const FromAgent = z.discriminatedUnion('type', [
  Hello,
  z.object({ type: z.literal('accepted'), epoch, id: OperationId, seq: z.int().min(1) }),
  z.object({
    type: z.literal('progress'),
    epoch,
    id: OperationId,
    progress: Progress,
    /** New lines of the command's log. */
    log: z.array(z.string().max(2000)).max(200),
  }),
  z.object({
    type: z.literal('done'),
    epoch,
    id: OperationId,
    seq: z.int().min(1),
    result: CommandResult,
  }),
  z.object({ type: z.literal('observed'), epoch, observed: ObservedServer }),
  /** After a welcome: every server the agent has was reported. */
  z.object({ type: z.literal('observed_end'), epoch }),
  z.object({
    type: z.literal('console'),
    epoch,
    serverId: ServerId,
    lines: z.array(ConsoleLine).min(1).max(1000),
  }),
  z.object({ type: z.literal('stats'), epoch, samples: z.array(ResourceSample).max(512) }),
  z.object({
    type: z.literal('runtime'),
    epoch,
    host: HostFacts,
    runtime: RuntimeFacts,
  }),
  z.object({
    type: z.literal('reply'),
    epoch,
    callId: z.uuid(),
    reply: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), lines: z.array(ConsoleLine).max(1000) }),
      z.object({ ok: z.literal(false), message: z.string().max(500) }),
    ]),
  }),
])
export type FromAgent = z.infer<typeof FromAgent>

/** What an agent is asked at once and must answer before the deadline. */
export const Call = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('console.history'),
    serverId: ServerId,
    /** Lines before this number, newest first in choice, oldest first in the reply. */
    beforeSeq: z.int().min(1),
    limit: z.int().min(1).max(1000),
  }),
])
export type Call = z.infer<typeof Call>

/** Imperative, down: what the object says. */
export const ToAgent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('challenge'), nonce: z.string().min(16).max(128) }),
  z.object({
    type: z.literal('welcome'),
    epoch,
    proto: z.int().min(1),
    incarnation: z.int().min(0),
    /** Every command below it has ended; journal rows below it may go [Q5]. */
    low: z.int().min(1),
    serverTime: z.iso.datetime(),
    desiredDigest: z.string().max(128),
    timers: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('fenced'), epoch, current: epoch }),
  z.object({
    type: z.literal('command'),
    epoch,
    id: OperationId,
    seq: z.int().min(1),
    command: Command,
    /** Time left to start it; null: no deadline [Q9]. */
    deadlineInMs: z.int().min(0).nullable(),
    /** `false`: it is sent for the first time. A panel of before this field does not say. */
    again: z.boolean().optional(),
    low: z.int().min(1),
  }),
  z.object({ type: z.literal('cancel'), epoch, id: OperationId }),
  z.object({ type: z.literal('low'), epoch, low: z.int().min(1) }),
  z.object({ type: z.literal('desired'), epoch, server: DesiredServer }),
  /** Closes a full resend: what the agent holds and was not sent is unknown here. */
  z.object({ type: z.literal('desired_end'), epoch, digest: z.string().max(128) }),
  /** Everything that waited for this welcome was sent: states first, then commands, in order. */
  z.object({ type: z.literal('welcome_end'), epoch }),
  /** Console lines after these numbers are wanted; sent once after each welcome. */
  z.object({
    type: z.literal('console_from'),
    epoch,
    after: z.record(ServerId, z.int().min(0)),
  }),
  /** Servers that somebody watches: console at once, samples each 2 s. Replaces the list before. */
  z.object({ type: z.literal('watch'), epoch, serverIds: z.array(ServerId).max(2000) }),
  z.object({
    type: z.literal('call'),
    epoch,
    callId: z.uuid(),
    call: Call,
    deadlineInMs: z.int().min(1),
  }),
  z.object({ type: z.literal('slow_down'), epoch }),
])
export type ToAgent = z.infer<typeof ToAgent>

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

/** Parses a frame from an agent; the reason is short enough for a close frame (123 bytes). */
export function decodeFromAgent(frame: string | ArrayBuffer): Decoded<FromAgent> {
  return decode(FromAgent, frame)
}

/** Parses a frame from the object. */
export function decodeToAgent(frame: string | ArrayBuffer): Decoded<ToAgent> {
  return decode(ToAgent, frame)
}

function decode<T>(schema: z.ZodType<T>, frame: string | ArrayBuffer): Decoded<T> {
  if (typeof frame !== 'string') return { ok: false, reason: 'binary frames are not spoken here' }
  // A UTF-16 unit is at most 3 bytes of UTF-8, so counting is needed only near the limit.
  if (frame.length * 3 > maxFrameBytes && utf8Length(frame) > maxFrameBytes) {
    return { ok: false, reason: 'frame too large' }
  }
  let value: unknown
  try {
    value = JSON.parse(frame)
  } catch {
    return { ok: false, reason: 'not JSON' }
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = parsed.error.issues[0]
  const reason = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`
  return { ok: false, reason: reason.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 120) }
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
