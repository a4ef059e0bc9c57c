import { setTimeout as lasts } from 'node:timers/promises'
import { isOpen } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { Random } from '../simulation/random.ts'
import { until } from '../support/until.ts'
import { Asking } from './asking.ts'
import { isAsWanted, violationsIn } from './checks.ts'
import { faultScript, type Sizes } from './fault-script.ts'
import {
  createFaultWorld,
  everyServer,
  type FaultWorld,
  removeServers,
  removeWorld,
  stopWorld,
} from './fault-world.ts'
import { figuresOf, type RunFigures } from './figures.ts'
import { noteOperations, noteWorld } from './final-look.ts'
import { LedgerWatch } from './ledger-watch.ts'
import { happen } from './misfortunes.ts'
import { recover } from './recovery.ts'
import { Workload } from './workload.ts'

export interface FaultRun {
  readonly seed: number
  readonly sizes: Sizes
  /** What the link's timers are divided by; 1: the real ones. */
  readonly linkTimerDivisor: number
  /** After a fault a fresh command must come through within this. Milliseconds. */
  readonly recoverWithinMs: number
  readonly say: (line: string) => void
}

/** An operation that the panel could not deliver is delivered by its watchdog, which looks once a minute. */
const settleWithinMs = 180_000

/** One run from an empty folder to a checked history. What is left of a failed one is named and kept. */
export async function faultRun(run: FaultRun): Promise<RunFigures> {
  const world = await createFaultWorld(run.linkTimerDivisor)
  const ledger = new LedgerWatch(world.stack, world.history)
  try {
    ledger.start()
    await faultsUnderLoad(world, run)
    const settledAfterMs = await settle(world, ledger)
    await ledger.stop()
    const all = await ledger.all()
    await noteWorld(world)
    await removeServers(world)
    await stopWorld(world)
    noteOperations(world, all)
    const violations = violationsIn(world.history)
    const figures = figuresOf(world.history, { seed: run.seed, settledAfterMs, violations })
    if (violations.length === 0) removeWorld(world)
    else run.say(`The history and the logs are in ${world.folder}`)
    return figures
  } catch (error) {
    run.say(`seed ${run.seed}: the history and the logs are in ${world.folder}`)
    await ledger.stop()
    await removeServers(world).catch((cause: unknown) => run.say(String(cause)))
    await stopWorld(world)
    throw error
  }
}

async function faultsUnderLoad(world: FaultWorld, run: FaultRun): Promise<void> {
  const { seed, sizes, recoverWithinMs } = run
  const random = new Random(seed)
  const { history } = world
  const asking = new Asking(world.stack, history)
  const workload = new Workload(asking, world.cast, random.fork('load'))
  const script = faultScript(sizes, random.fork('faults'))
  let share = 1 / script.length
  const load = Promise.all(Array.from({ length: 3 }, () => work(workload, sizes, () => share)))
  for (const [number, { afterMs, ...fault }] of script.entries()) {
    await lasts(afterMs)
    history.note({ type: 'fault', fault: fault.fault, detail: JSON.stringify(fault) })
    await happen(world, fault)
    const tookMs = await recover(world, asking, recoverWithinMs)
    history.note({ type: 'recovered', fault: fault.fault, tookMs })
    run.say(`${number + 1}/${script.length} ${fault.fault}: ${Math.round(tookMs)} ms`)
    share = (number + 2) / script.length
  }
  await load
}

/** Does its part of the load, no faster than the faults go on. */
async function work(workload: Workload, { commands }: Sizes, share: () => number): Promise<void> {
  while (workload.asked < commands) {
    if (workload.asked < commands * share()) await workload.step()
    else await lasts(20)
  }
}

/** Waits until everything that was asked has ended and every server is as it is wanted. */
async function settle({ stack, cast }: FaultWorld, ledger: LedgerWatch): Promise<number> {
  const began = performance.now()
  await until(
    async () => {
      const all = await ledger.all().catch(() => null) // the panel may still be on its way back
      return all?.every(({ state }) => !isOpen(state))
    },
    'the end of every operation',
    settleWithinMs,
  )
  for (const serverId of everyServer(cast)) {
    await until(
      async () => {
        const { wanted, state, pending } = await stack.call(servers.get, { serverId })
        return !pending && isAsWanted(wanted, state)
      },
      `server ${serverId} to be as it is wanted`,
      settleWithinMs,
    )
  }
  return performance.now() - began
}
