import type { ServerId } from '../../contract/ids.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import type { Lanes } from '../lanes.ts'
import { reasonOf } from '../log.ts'
import { RuntimeError } from '../runtime/runtime.ts'
import { createDiskWatch } from './disk-watch.ts'
import { createEngineWatch } from './engine-watch.ts'
import { perform } from './lifecycle.ts'
import { lookBackForReady, watchReadiness } from './readiness.ts'
import { plan, wantsRunning } from './reconcile.ts'
import type { ServerDeps } from './server-deps.ts'

export interface FleetDeps extends ServerDeps {
  readonly lanes: Lanes
  /** A server is to be removed: what its lane still does may be broken off. */
  readonly onRemoval: (serverId: ServerId) => void
  /** The engine was looked at, or went. */
  readonly onEngine: (up: boolean) => void
}

/** Every server of this node, kept as it is wanted. */
export interface Fleet {
  /** Looks at the engine for the first time and goes on from what it finds; resolves after that look. */
  start(): Promise<void>
  /** Takes a desired state in; an older one is ignored [D1]. */
  want(server: DesiredServer): void
  reconcile(serverId: ServerId): void
  /**
   * From a welcome on: commands that were asked before a wish come after it, so wishes are taken in and
   * acted on later [D1]. A kill, a suspension or a removal waits for nothing.
   */
  hold(): void
  /** Everything has come, or the link is gone: acts on what was held. */
  release(): void
  /** Leaves every server as it is; resolves when nothing is under way any more. */
  close(): Promise<void>
}

/** A panel of before `welcome_end` says nothing when all has come. Milliseconds. */
const holdsAtMost = 5_000
/** After a failure of the engine. Milliseconds. */
const retryAfter = 5_000
/** No plan is this long; more steps than this at a time are a fault in it. */
const mostSteps = 20

export function createFleet(deps: FleetDeps): Fleet {
  const { book, clock, lanes, log, closing } = deps
  const passes = new Map<ServerId, Promise<void>>()
  const askedAgain = new Set<ServerId>()
  const timers = new Map<ServerId, () => void>()
  const starts = new Map<ServerId, { startNo: number; abort: AbortController }>()

  let held: Set<ServerId> | null = null
  let cancelHold = () => {}
  const release = () => {
    const waiting = held
    held = null
    cancelHold()
    for (const serverId of waiting ?? []) reconcile(serverId)
  }

  const reconcile = (serverId: ServerId): void => {
    if (held?.has(serverId)) return
    if (closing.aborted || engine.isUp() === null) return
    if (passes.has(serverId)) {
      askedAgain.add(serverId)
      return
    }
    engine.touch(serverId)
    lanes.take('reconciling', serverId)
    const work = async () => {
      await null // Noted as under way first: what a pass sets off may ask for the next one.
      await pass(serverId)
      passes.delete(serverId)
      lanes.free('reconciling', serverId)
      if (askedAgain.delete(serverId)) reconcile(serverId)
    }
    passes.set(serverId, work())
  }

  const pass = async (serverId: ServerId): Promise<void> => {
    timers.get(serverId)?.()
    timers.delete(serverId)
    try {
      for (let steps = 0; !closing.aborted; steps += 1) {
        if (steps === mostSteps) throw new Error('the plan does not end')
        if (!(await oneStep(serverId))) return
      }
    } catch (error) {
      log.error('a server could not be brought to what is wanted', {
        serverId,
        reason: reasonOf(error),
      })
      if (error instanceof RuntimeError && error.fault === 'engine_down') {
        engine.lost(error.message)
      }
      wake(serverId, retryAfter)
    }
  }

  /** `false`: there is nothing more to do now. */
  const oneStep = async (serverId: ServerId): Promise<boolean> => {
    const desired = book.desired(serverId)
    if (desired === null) return false
    const step = plan(desired, book.containers(serverId), book.memory(serverId), {
      now: clock.monotonic(),
      bootId: deps.bootId,
      laneBusy: lanes.commands.has(serverId),
      engineUp: engine.isUp() === true,
      overDisk: disk.mustStop(serverId),
    })
    switch (step.do) {
      case 'nothing':
        takeIn(desired)
        return false
      case 'hold':
        return false
      case 'wait':
        wake(serverId, step.until - clock.monotonic())
        return false
      default: {
        const abort = new AbortController()
        if (step.do === 'start') starts.set(serverId, { startNo: desired.power.startNo, abort })
        try {
          await perform(deps, desired, step, AbortSignal.any([abort.signal, closing]))
        } finally {
          starts.delete(serverId)
        }
        return true
      }
    }
  }

  const takeIn = ({ serverId, incarnation, generation }: DesiredServer) => {
    const { observed } = book.memory(serverId)
    if (observed.incarnation === incarnation && observed.generation === generation) return
    book.remember(serverId, { observed: { incarnation, generation } })
    lookBackForReady(deps, serverId)
  }

  const wake = (serverId: ServerId, ms: number) => {
    timers.get(serverId)?.()
    timers.set(
      serverId,
      clock.after(ms, () => reconcile(serverId)),
    )
  }

  let lookedBack = false
  const engineChanged = (up: boolean) => {
    deps.onEngine(up)
    const serverIds = book.serverIds()
    const containers = serverIds.flatMap((serverId) => book.containers(serverId))
    if (up) deps.console.keepPositions(containers.map(({ id }) => id))
    for (const container of containers) {
      if (container.state === 'running') void deps.console.attach(container)
    }
    for (const serverId of serverIds) {
      if (up && !lookedBack) lookBackForReady(deps, serverId)
      reconcile(serverId)
    }
    lookedBack ||= up
  }

  const engine = createEngineWatch({
    ...deps,
    atWork: () => passes.keys(),
    changed: engineChanged,
    ended: reconcile,
  })

  const disk = createDiskWatch({ ...deps, tooBig: reconcile })

  return {
    start: async () => {
      watchReadiness(deps)
      disk.start()
      lanes.onFree('commands', reconcile)
      await engine.start()
    },
    want: (server) => {
      if (!book.want(server)) return
      const { serverId, power, removed } = server
      const start = starts.get(serverId)
      if (start !== undefined && !(wantsRunning(server) && power.startNo === start.startNo)) {
        start.abort.abort()
      }
      if (removed) deps.onRemoval(serverId)
      if (waitsForNothing(server)) held?.delete(serverId)
      else held?.add(serverId)
      reconcile(serverId)
    },
    reconcile,
    hold: () => {
      held ??= new Set()
      cancelHold()
      cancelHold = clock.after(holdsAtMost, release)
    },
    release,
    close: async () => {
      cancelHold()
      for (const cancel of timers.values()) cancel()
      await Promise.all(passes.values())
    },
  }
}

function waitsForNothing({ power, suspended, removed }: DesiredServer): boolean {
  return removed || suspended || (power.wanted === 'stopped' && power.how === 'kill')
}
