import * as z from 'zod'
import { OperationId, type ServerId } from '../../contract/ids.ts'
import { CommandResult } from '../../contract/protocol/commands.ts'
import { Limits, ObservedServer } from '../../contract/protocol/spec.ts'

/** What the agent remembers of one server over its own restarts and the host's [D2]. */
export const ServerMemory = z.object({
  /** User and group that owns the files and runs the server; no two servers share one. */
  uid: z.int().min(1),
  installed: z.boolean(),
  /** What was last observed, as it was reported or will be [D3]. */
  observed: ObservedServer,
  /** The container whose process `observed` speaks of; null: none was seen to run. */
  containerId: z.string().nullable(),
  /** What that container is held to; null: it was made by an agent that did not note it. */
  limits: Limits.nullable().default(null),
  /** The newest start that was tried; it is not tried again. */
  start: z
    .object({
      incarnation: z.int(),
      startNo: z.int(),
      /** The host's boot in which it was tried. */
      bootId: z.string(),
    })
    .nullable(),
  /** How far stopping the container has come; times are on the host's forward clock. */
  stop: z
    .object({
      askedAt: z.number(),
      /** The signal was sent, or the line that comes before it. */
      by: z.enum(['line', 'signal']),
      killedAt: z.number().nullable(),
    })
    .nullable(),
  /** The stop command was typed at the console: an exit up to this time (since 1970) is expected [D4]. */
  typedStopUntil: z.number().nullable(),
  /** The container whose exit was counted last [D4]. */
  countedId: z.string().nullable(),
  /** The installation that ended last. */
  install: z.object({ commandId: OperationId, result: CommandResult }).nullable(),
})
export type ServerMemory = z.infer<typeof ServerMemory>

/** A server that nothing is known of yet. */
export function newMemory(
  serverId: ServerId,
  { uid, installed, at }: { uid: number; installed: boolean; at: string },
): ServerMemory {
  return {
    uid,
    installed,
    observed: {
      serverId,
      incarnation: 0,
      generation: 0,
      state: installed ? 'stopped' : 'not_installed',
      startNo: 0,
      exit: null,
      problem: null,
      ports: [],
      startedAt: null,
      at,
    },
    containerId: null,
    limits: null,
    start: null,
    stop: null,
    typedStopUntil: null,
    countedId: null,
    install: null,
  }
}

/** Its process exists, or is on its way into or out of existence. */
export function isUp({ observed }: ServerMemory): boolean {
  return ['starting', 'running', 'stopping'].includes(observed.state)
}
