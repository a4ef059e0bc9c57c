import { constants } from 'node:os'
import type { ServerExit } from '../../contract/protocol/spec.ts'
import type { ServerState } from '../../contract/rules/server-states.ts'
import { isoTime } from '../clock.ts'
import type { ContainerView } from '../runtime/runtime.ts'
import type { ServerMemory } from './server-memory.ts'

/** What became of the container's code when nobody can say: it was gone when the agent looked. */
export const unknownExitCode = -1

/**
 * The record of an exit, keyed by its start [D4]. Expected is what was asked for and what follows the stop
 * command typed at the console; everything else is the server's own doing.
 * @param container null: it disappeared before anybody looked
 * @param now the moment of looking, for an exit that nobody dated; milliseconds since 1970
 */
export function exitOf(
  container: ContainerView | null,
  memory: ServerMemory,
  now: number,
): ServerExit {
  const code = container?.exit?.code ?? unknownExitCode
  const endedAt = Date.parse(container?.exit?.at ?? '') || now
  const startedAt = Date.parse(container?.startedAt ?? memory.observed.startedAt ?? '') || endedAt
  return {
    startNo: container?.marks.startNo ?? memory.observed.startNo,
    code,
    signal: signalOf(code),
    oom: container?.exit?.oom ?? false,
    expected: memory.stop !== null || endedAt <= (memory.typedStopUntil ?? 0),
    at: isoTime(endedAt),
    uptimeMs: Math.max(0, endedAt - startedAt),
  }
}

/** A clean end or one that was expected leaves the server stopped; any other is a crash. */
export function stateAfter({ code, expected }: ServerExit): ServerState {
  return expected || code === 0 ? 'stopped' : 'crashed'
}

/** For people: how a process ended. */
export function describeExit({ code, signal, oom, expected }: ServerExit): string {
  if (code === unknownExitCode) return 'The container is gone; nobody saw how it ended.'
  const how = signal === null ? `with code ${code}` : `with code ${code} (${signal})`
  const memory = oom ? ' The engine ended a process for using too much memory.' : ''
  return `${expected || code === 0 ? 'Ended' : 'Crashed'} ${how}.${memory}`
}

/** Engines report a death by signal as 128 and the signal's number. */
export function signalOf(code: number): string | null {
  const number = code - 128
  const found = Object.entries(constants.signals).find(([, value]) => value === number)
  return found?.[0] ?? null
}
