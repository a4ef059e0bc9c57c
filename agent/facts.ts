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
      const before = JSON.stringify(facts.runtime)
      facts = await look(runtime, dataDir, log)
      return JSON.stringify(facts.runtime) !== before
    },
  }
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
