import * as z from 'zod'
import { OperationKind } from '../api/operations.ts'
import { ServerId } from '../ids.ts'
import { ObservedServer } from './spec.ts'

/** A console line. `seq` counts per server from 1 without holes; a gap is a line of its own. */
export const ConsoleLine = z
  .object({
    seq: z.int().min(1),
    at: z.iso.datetime(),
    /** `system`: said by Catalyst; `gap`: `text` holds how many lines were lost here, or `unknown`. */
    stream: z.enum(['stdout', 'stderr', 'input', 'install', 'system', 'gap']),
    text: z.string().max(8192),
  })
  .meta({ id: 'ConsoleLine' })
export type ConsoleLine = z.infer<typeof ConsoleLine>

/** Resources of one running server at one moment. Bytes, and percent of one core. */
export const ResourceSample = z
  .object({
    serverId: ServerId,
    at: z.iso.datetime(),
    cpuPercent: z.number().min(0),
    memoryBytes: z.number().min(0),
    memoryLimitBytes: z.number().min(0),
    networkRxBytes: z.number().min(0),
    networkTxBytes: z.number().min(0),
    /** Null while not measured. */
    diskBytes: z.number().min(0).nullable(),
    uptimeMs: z.number().min(0),
  })
  .meta({ id: 'ResourceSample' })
export type ResourceSample = z.infer<typeof ResourceSample>

/** Frames of a browser's server socket, from the object. */
export const ToBrowser = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    serverId: ServerId,
    nodeOnline: z.boolean(),
    observed: ObservedServer.nullable(),
    /** Lines the object can still give; both 0 when it has none. */
    oldestSeq: z.int().min(0),
    newestSeq: z.int().min(0),
  }),
  z.object({ type: z.literal('console'), lines: z.array(ConsoleLine).max(1000) }),
  z.object({ type: z.literal('observed'), observed: ObservedServer }),
  z.object({ type: z.literal('node'), online: z.boolean(), at: z.iso.datetime() }),
  z.object({ type: z.literal('stats'), sample: ResourceSample }),
  z.object({
    type: z.literal('operation'),
    operationId: z.uuid(),
    kind: OperationKind,
    state: z.string(),
    percent: z.number().nullable(),
    message: z.string().nullable(),
  }),
])
export type ToBrowser = z.infer<typeof ToBrowser>

/** Frames from a browser. `resume` asks for every line after `afterSeq` that the object still has. */
export const FromBrowser = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resume'), afterSeq: z.int().min(0) }),
])
export type FromBrowser = z.infer<typeof FromBrowser>
