import { assertNever } from '../contract/assert-never.ts'
import type { OperationId, ServerId } from '../contract/ids.ts'
import type { CommandFailure } from '../contract/protocol/commands.ts'
import type {
  DesiredServer,
  ObservedServer,
  Power,
  ServerProblem,
} from '../contract/protocol/spec.ts'
import type { Actor, DesiredPush, WaitingOperation } from '../contract/rpc.ts'
import type { ServerState } from '../contract/rules/server-states.ts'
import { isoOf } from './commands/operation-report.ts'
import { noProgress } from './commands/row.ts'
import { type ReportEffect, report, type ShowEffect, show } from './effect.ts'

/** An operation that waits for its desired state to be observed [D1]. Times are milliseconds since 1970. */
export interface Wait {
  readonly id: OperationId
  readonly kind: WaitingOperation['kind']
  readonly actor: Actor
  readonly serverId: ServerId
  readonly incarnation: number
  readonly generation: number
  readonly power: Power
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'superseded'
  readonly code: CommandFailure | null
  readonly message: string | null
  readonly since: number
  /** When the node was seen to have taken it in. */
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface Verdict {
  readonly state: 'succeeded' | 'failed' | 'superseded'
  readonly code: CommandFailure | null
  readonly message: string | null
}

type Version = Pick<DesiredServer, 'incarnation' | 'generation'>

/** Below zero: `one` is older than `other`; zero: the same version. */
export function compareVersions(one: Version, other: Version): number {
  return one.incarnation - other.incarnation || one.generation - other.generation
}

export function newWait(server: DesiredServer, waiting: WaitingOperation, now: number): Wait {
  const { serverId, incarnation, generation, power } = server
  return {
    ...waiting,
    serverId,
    incarnation,
    generation,
    power,
    state: 'queued',
    code: null,
    message: null,
    since: now,
    startedAt: null,
    endedAt: null,
  }
}

export function isOpen(wait: Wait): boolean {
  return wait.state === 'queued' || wait.state === 'running'
}

/** How a wait ends by what is observed; null: it goes on. */
export function verdictOf(wait: Wait, observed: ObservedServer): Verdict | null {
  if (observed.state === 'removed') return goneVerdict(wait)
  if (wait.kind === 'delete' || compareVersions(observed, wait) < 0) return null
  switch (wait.kind) {
    case 'update':
      return succeeded('The node has taken it in')
    case 'stop':
    case 'kill':
      return alive.includes(observed.state) ? null : succeeded('Process stopped')
    case 'start':
    case 'restart':
      return startVerdict(wait.power.startNo, observed)
    default:
      return assertNever(wait.kind)
  }
}

/** How a wait ends when its server is gone. */
export function goneVerdict(wait: Wait): Verdict {
  return wait.kind === 'delete' ? succeeded('Deleted') : superseded('The server was deleted.')
}

/** Whether the newest desired state no longer asks for what the wait is for. */
export function overruledBy(wait: Wait, server: DesiredServer): Verdict | null {
  if (wait.kind === 'delete') return null
  if (server.removed) return superseded('The server is being deleted.')
  if (wait.kind === 'update') return null
  const { power } = wait
  if (server.suspended && power.wanted === 'running') return superseded('The server was suspended.')
  const { wanted, startNo, how } = server.power
  const same = power.wanted === wanted && power.startNo === startNo && power.how === how
  return same ? null : laterClick
}

/** Whether a later click takes the place of this wait, though it may ask for the same [D1]. */
export function replacedBy(wait: Wait, push: DesiredPush): Verdict | null {
  if (push.waiting === null || push.waiting.id === wait.id) return null
  const isClick = push.waiting.kind !== 'update'
  return isClick && wait.kind !== 'update' && wait.kind !== 'delete' ? laterClick : null
}

/** What the ledger and watching browsers are told of a wait. */
export function toldOf(wait: Wait): [ReportEffect, ShowEffect] {
  const { id, kind, state, message, code } = wait
  const told = report({
    type: 'operation.changed',
    operation: {
      id,
      state,
      progress: noProgress,
      code,
      message,
      log: [],
      startedAt: isoOf(wait.startedAt),
      endedAt: isoOf(wait.endedAt),
    },
  })
  const frame = {
    type: 'operation',
    operationId: id,
    kind: `server.${kind}`,
    state,
    percent: null,
    message,
  } as const
  return [told, show(wait.serverId, frame)]
}

/** States in which a process of the game is there. */
const alive: readonly ServerState[] = ['starting', 'running', 'stopping']

function startVerdict(startNo: number, observed: ObservedServer): Verdict | null {
  const { problem, exit, state } = observed
  if (problem !== null && problem.startNo >= startNo) return failedBy(problem)
  if (observed.startNo < startNo) return null
  if (alive.includes(state)) return succeeded('Process started')
  // The process came and went between two reports: its exit tells that it had been there.
  if (exit === null || exit.startNo < startNo) return null
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`
  return state === 'crashed'
    ? { state: 'failed', code: null, message: `The process ended ${how} after its start.` }
    : succeeded('Process started, and has ended since')
}

const codeOfProblem: Readonly<Record<ServerProblem['code'], CommandFailure>> = {
  image_missing: 'image_missing',
  port_in_use: 'wrong_state',
  start_failed: 'internal',
  node_policy: 'node_policy',
  not_installed: 'wrong_state',
  engine_down: 'engine_down',
  config_file: 'config_file',
  disk_full: 'disk_full',
}

function failedBy(problem: ServerProblem): Verdict {
  return { state: 'failed', code: codeOfProblem[problem.code], message: problem.message }
}

function succeeded(message: string): Verdict {
  return { state: 'succeeded', code: null, message }
}

function superseded(message: string): Verdict {
  return { state: 'superseded', code: null, message }
}

const laterClick = superseded('Something else was asked for since.')
