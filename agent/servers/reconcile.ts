import { isDeepStrictEqual } from 'node:util'
import type { DesiredServer, ServerProblem } from '../../contract/protocol/spec.ts'
import type { ContainerView } from '../runtime/runtime.ts'
import { isUp, type ServerMemory } from './server-memory.ts'

/** One step towards what is wanted. After each one the next is planned anew. */
export type Step =
  /** What is wanted is so, or was tried and failed. */
  | { readonly do: 'nothing' }
  /** The server's lane or the engine is not free: the desired state was not taken in yet. */
  | { readonly do: 'hold' }
  /** The container was asked to stop; look again at `until`, on the host's forward clock. */
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'note_running'; readonly container: ContainerView }
  | { readonly do: 'note_exit'; readonly container: ContainerView }
  /** It was up and its container is gone. */
  | { readonly do: 'note_lost' }
  /** A start was broken off before there was a process, and is not wanted any more. */
  | { readonly do: 'note_unstarted' }
  /** `afterReboot`: the same start once more, because the host went down under it. */
  | { readonly do: 'start'; readonly afterReboot: boolean }
  | {
      readonly do: 'refuse'
      readonly code: ServerProblem['code']
      readonly message: string
    }
  | {
      readonly do: 'ask_stop'
      readonly container: ContainerView
      readonly by: 'line' | 'signal'
    }
  /** It runs with other limits than are wanted. */
  | { readonly do: 'resize'; readonly container: ContainerView }
  | { readonly do: 'kill'; readonly container: ContainerView }
  | { readonly do: 'remove' }

export interface PlanFacts {
  /** On the host's forward clock. */
  readonly now: number
  readonly bootId: string
  /** A command of this server was started and has not ended [D1]. */
  readonly laneBusy: boolean
  readonly engineUp: boolean
  /** Its files take more than they may, and it was warned. */
  readonly overDisk: boolean
}

/** A container that a kill did not end is killed again after this. Milliseconds. */
const killAgainAfter = 10_000

/**
 * The next step for one server: a pure function of what is wanted, what containers there are and what is
 * remembered.
 */
export function plan(
  desired: DesiredServer,
  containers: readonly ContainerView[],
  memory: ServerMemory,
  facts: PlanFacts,
): Step {
  if (!facts.engineUp) return withoutEngine(desired, memory)
  const own = containers
    .filter(({ marks }) => marks.role === 'server')
    .sort((one, other) => other.marks.startNo - one.marks.startNo)
  const running = own.find(({ state }) => state === 'running')
  if (running !== undefined) return whileRunning(desired, running, memory, facts)
  const ended = own.find(({ state }) => state === 'exited')
  return afterEnd(ended ?? null, desired, memory, facts) ?? atRest(desired, memory, facts)
}

/** Whether the server should be up. A suspended one may not be, whatever its power says. */
export function wantsRunning({ power, suspended, removed }: DesiredServer): boolean {
  return power.wanted === 'running' && !suspended && !removed
}

function withoutEngine(desired: DesiredServer, memory: ServerMemory): Step {
  if (!wantsRunning(desired) || wasTried(desired, memory)) return { do: 'hold' }
  return { do: 'refuse', code: 'engine_down', message: 'The container engine does not answer.' }
}

function whileRunning(
  desired: DesiredServer,
  container: ContainerView,
  memory: ServerMemory,
  facts: PlanFacts,
): Step {
  const isKnown = memory.containerId === container.id && isUp(memory)
  // Whoever has the lane is about to say what the server's state is.
  if (!isKnown && facts.laneBusy) {
    return isKilled(desired) ? { do: 'kill', container } : { do: 'hold' }
  }
  if (!isKnown) return { do: 'note_running', container }
  const outdated = container.marks.startNo < desired.power.startNo && !wasTried(desired, memory)
  if (wantsRunning(desired) && !outdated && memory.stop === null && !facts.overDisk) {
    return isOtherwiseLimited(desired, memory) ? { do: 'resize', container } : { do: 'nothing' }
  }
  return stopping(desired, container, memory, facts)
}

/** The disk's limit is not the container's. */
function isOtherwiseLimited({ spec }: DesiredServer, { limits }: ServerMemory): boolean {
  if (limits === null) return false
  return !isDeepStrictEqual({ ...limits, diskMb: 0 }, { ...spec.limits, diskMb: 0 })
}

function isKilled({ power }: DesiredServer): boolean {
  return power.wanted === 'stopped' && power.how === 'kill'
}

function stopping(
  desired: DesiredServer,
  container: ContainerView,
  { stop }: ServerMemory,
  { now, laneBusy }: PlanFacts,
): Step {
  const { spec } = desired
  const killed = stop?.killedAt ?? null
  if (killed !== null) {
    const next = killed + killAgainAfter
    return now >= next ? { do: 'kill', container } : { do: 'wait', until: next }
  }
  if (isKilled(desired)) return { do: 'kill', container }
  if (stop === null) {
    if (laneBusy) return { do: 'hold' }
    return { do: 'ask_stop', container, by: spec.stop.line === null ? 'signal' : 'line' }
  }
  const grace = spec.stop.graceSeconds * 1000
  if (now >= stop.askedAt + grace) return { do: 'kill', container }
  if (stop.by === 'signal') return { do: 'wait', until: stop.askedAt + grace }
  // Half of the time is the line's, the other half the signal's.
  const signalAt = stop.askedAt + grace / 2
  if (now >= signalAt) return { do: 'ask_stop', container, by: 'signal' }
  return { do: 'wait', until: signalAt }
}

/** What the memory has still to take in before anything new is done; null: nothing. */
function afterEnd(
  ended: ContainerView | null,
  desired: DesiredServer,
  memory: ServerMemory,
  facts: PlanFacts,
): Step | null {
  const up = isUp(memory)
  if (up && wantsRunning(desired) && wentDownWithHost(memory, facts)) {
    return facts.laneBusy ? { do: 'hold' } : { do: 'start', afterReboot: true }
  }
  const newest = ended !== null && ended.marks.startNo >= memory.observed.startNo
  if (newest && ended.id !== memory.countedId) return { do: 'note_exit', container: ended }
  if (!up) return null
  if (memory.containerId === null) {
    // The agent was stopped between the wish and the process.
    return wantsRunning(desired) ? { do: 'start', afterReboot: false } : { do: 'note_unstarted' }
  }
  return { do: 'note_lost' }
}

/** Once per boot: the start of that boot is remembered with its boot's id [D2]. */
function wentDownWithHost({ start, stop }: ServerMemory, { bootId }: PlanFacts): boolean {
  return start !== null && start.bootId !== bootId && stop === null
}

function atRest(desired: DesiredServer, memory: ServerMemory, { laneBusy }: PlanFacts): Step {
  if (laneBusy) return { do: 'hold' }
  if (desired.removed)
    return memory.observed.state === 'removed' ? { do: 'nothing' } : { do: 'remove' }
  if (!wantsRunning(desired) || wasTried(desired, memory)) return { do: 'nothing' }
  if (!memory.installed) {
    return { do: 'refuse', code: 'not_installed', message: 'The server is not installed.' }
  }
  return { do: 'start', afterReboot: false }
}

/** Each start is tried once, in order of (incarnation, number), whatever came of it. */
function wasTried({ incarnation, power }: DesiredServer, { start }: ServerMemory): boolean {
  if (start === null) return false
  if (start.incarnation !== incarnation) return start.incarnation > incarnation
  return start.startNo >= power.startNo
}
