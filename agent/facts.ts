import type { HostFacts, RuntimeFacts } from '../contract/protocol/frames.ts'
import { hostFacts } from './host-facts.ts'
import { type Log, reasonOf } from './log.ts'
import type { Runtime } from './runtime/runtime.ts'

/** Machine and engine as they were last seen; what a hello says of them. */
export interface Facts {
  readonly host: HostFacts
  readonly runtime: RuntimeFacts
}

export interface FactKeeper {
  current(): Facts
  /** Looks again; `true`: what an admin would see has changed. */
  refresh(): Promise<boolean>
}

const withoutEngine: RuntimeFacts = { engine: null, runc: null, cgroup: 'unknown', warnings: [] }

/** Keeps the facts at hand, because a hello cannot wait for an engine that hangs. */
export async function keepFacts(runtime: Runtime, dataDir: string, log: Log): Promise<FactKeeper> {
  let facts: Facts = await look(runtime, dataDir, log)
  return {
    current: () => facts,
    refresh: async () => {
      const before = tellable(facts)
      facts = await look(runtime, dataDir, log)
      return tellable(facts) !== before
    },
  }
}

/** What is worth a report when it differs: of the disk, a hundredth. */
function tellable({ runtime, host }: Facts): string {
  const freePart = Math.round((host.diskFreeMb / host.diskMb) * 100)
  return JSON.stringify([runtime, freePart, host.addresses])
}

async function look(runtime: Runtime, dataDir: string, log: Log): Promise<Facts> {
  const [host, engine] = await Promise.all([hostFacts(dataDir), engineFacts(runtime, log)])
  return { host, runtime: engine }
}

async function engineFacts(runtime: Runtime, log: Log): Promise<RuntimeFacts> {
  try {
    return await runtime.facts()
  } catch (error) {
    log.debug('the engine does not say what it is', { reason: reasonOf(error) })
    return withoutEngine
  }
}
