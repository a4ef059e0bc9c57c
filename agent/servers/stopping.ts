import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { settledWithin } from '../clock.ts'
import { type ContainerView, RuntimeError } from '../runtime/runtime.ts'
import { describeExit, exitOf, stateAfter } from './exits.ts'
import { wantsRunning } from './reconcile.ts'
import type { ServerDeps } from './server-deps.ts'

/** How long the last lines may take before an exit is told. Milliseconds. */
const lastLinesWithin = 2_000

/** Asks the process to end, by its stop line or its signal. Noted first: its exit is then expected [D4]. */
export async function askStop(
  deps: ServerDeps,
  desired: DesiredServer,
  container: ContainerView,
  by: 'line' | 'signal',
): Promise<void> {
  const { line, signal } = desired.spec.stop
  if (by === 'line' && line !== null) {
    noteStop(deps, desired, 'line', null)
    deps.console.system(desired.serverId, `Stopping with the command "${line}".`)
    if (await typed(deps, container, line)) return
  }
  noteStop(deps, desired, 'signal', null)
  const named = signal === 'STOPSIGNAL' ? 'the stop signal of its image' : signal
  deps.console.system(desired.serverId, `Stopping with ${named}.`)
  await deps.runtime.signal(container.id, signal)
}

/** Ends the process at once. */
export async function kill(
  deps: ServerDeps,
  desired: DesiredServer,
  container: ContainerView,
): Promise<void> {
  noteStop(deps, desired, 'signal', deps.clock.monotonic())
  deps.console.system(desired.serverId, 'Killing the process.')
  await deps.runtime.signal(container.id, 'SIGKILL')
}

/** Counts an exit, once per container [D4]. */
export async function noteExit(
  deps: ServerDeps,
  desired: DesiredServer,
  container: ContainerView | null,
): Promise<void> {
  const { book, console, clock, bootId } = deps
  const { serverId } = desired
  if (container !== null) {
    await settledWithin(clock, lastLinesWithin, console.attach(container))
  }
  const memory = book.memory(serverId)
  const seen = exitOf(container, memory, clock.now())
  // Whoever lost his memory does not know what he asked of the process; what is wanted tells it too.
  const exit = wantsRunning(desired) ? seen : { ...seen, expected: true }
  console.system(serverId, describeExit(exit))
  book.remember(serverId, {
    start: memory.start ?? (container === null ? null : { ...container.marks, bootId }),
    countedId: container?.id ?? null,
    containerId: null,
    stop: null,
    typedStopUntil: null,
    observed: {
      state: stateAfter(exit),
      startNo: exit.startNo,
      exit,
      ports: [],
      startedAt: null,
    },
  })
}

/** Deletes containers, network and files of a server that is not wanted any more. May be repeated. */
export async function removeServer(deps: ServerDeps, desired: DesiredServer): Promise<void> {
  const { book, console, runtime, dirs } = deps
  const { serverId, incarnation, generation } = desired
  const containers = await runtime.list()
  for (const { id, marks } of containers) {
    if (marks.serverId !== serverId) continue
    await runtime.remove(id)
    book.unsee(id)
  }
  await runtime.forget(serverId)
  await dirs.remove(serverId)
  console.forget(serverId)
  book.remember(serverId, {
    installed: false,
    observed: { state: 'removed', incarnation, generation, problem: null, ports: [] },
  })
}

function noteStop(
  { book, clock }: ServerDeps,
  { serverId, incarnation, generation, power }: DesiredServer,
  by: 'line' | 'signal',
  killedAt: number | null,
): void {
  const { stop, observed } = book.memory(serverId)
  const askedAt = stop?.askedAt ?? clock.monotonic()
  // A restart that failed already has not succeeded because the old process goes.
  const problem = power.wanted === 'stopped' ? null : observed.problem
  book.remember(serverId, {
    stop: { askedAt, by, killedAt },
    observed: { state: 'stopping', incarnation, generation, problem },
  })
}

/** `false`: the process does not read any more, so the line cannot have done it. */
async function typed({ typist, log }: ServerDeps, { id, marks }: ContainerView, line: string) {
  try {
    await typist.type(id, line)
    return true
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error
    log.warn('the stop command could not be typed', {
      serverId: marks.serverId,
      reason: error.message,
    })
    return false
  }
}
