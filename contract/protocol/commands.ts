import * as z from 'zod'
import { ServerId } from '../ids.ts'

/**
 * What a node is ordered to do as a numbered, durable command. Payloads hold no secrets [Q14]; what a
 * server is made of travels as desired state, which is sent before any command that needs it.
 */
export const Command = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('server.install'),
    serverId: ServerId,
    /** Delete the server's files first. */
    wipe: z.boolean(),
  }),
  z.object({
    type: z.literal('console.input'),
    serverId: ServerId,
    line: z
      .string()
      .min(1)
      .max(2048)
      .regex(/^[^\r\n\0]*$/, 'One line.'),
  }),
])
export type Command = z.infer<typeof Command>
export type CommandType = Command['type']

export interface CommandRule {
  /** `once`: never tried a second time; `probe`: the agent can find out whether it happened. */
  readonly repeat: 'once' | 'probe'
  /** After this the agent ends it. Milliseconds of running, waiting not counted. */
  readonly maxDurationMs: number
  /** Whether a started one can be broken off. */
  readonly cancellable: boolean
  /** Whether a half-done one is undone before it is tried again. */
  readonly rollback: boolean
  /** How long an unsent one waits for its node before it expires; null waits for ever. */
  readonly waitsMs: number | null
}

const minute = 60_000

/** What each command type promises [Q7]. */
export const commandRules: Readonly<Record<CommandType, CommandRule>> = {
  'server.install': {
    repeat: 'probe',
    maxDurationMs: 120 * minute,
    cancellable: true,
    rollback: true,
    waitsMs: null,
  },
  'console.input': {
    repeat: 'once',
    maxDurationMs: minute / 2,
    cancellable: false,
    rollback: false,
    waitsMs: 10 * minute,
  },
}

export const CommandOutcome = z.enum([
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'indeterminate',
])
export type CommandOutcome = z.infer<typeof CommandOutcome>

/** Why a command did not succeed; the sentence beside it is for people. */
export const CommandFailure = z.enum([
  'unsupported',
  'node_policy',
  'poison',
  'undeliverable',
  'wrong_state',
  'suspended',
  'image_missing',
  'script_failed',
  'timed_out',
  'engine_down',
  'disk_full',
  'config_file',
  'agent_restarted',
  'internal',
])
export type CommandFailure = z.infer<typeof CommandFailure>

export const CommandResult = z.object({
  outcome: CommandOutcome,
  code: CommandFailure.nullable(),
  message: z.string().max(2000).nullable(),
})
export type CommandResult = z.infer<typeof CommandResult>

/** Latest known progress; a field that is null is not known. */
export const Progress = z.object({
  percent: z.number().min(0).max(100).nullable(),
  bytes: z.number().min(0).nullable(),
  message: z.string().max(500).nullable(),
})
export type Progress = z.infer<typeof Progress>
