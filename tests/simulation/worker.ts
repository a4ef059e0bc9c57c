import { parentPort, workerData } from 'node:worker_threads'
import { type Mutant, registerSimulation } from './register.ts'
import type { SeedResult, Simulate } from './simulate.ts'

/** Seeds for a thread. */
export interface Batch {
  readonly seeds: readonly number[]
  /** Keep the stories. */
  readonly tell: boolean
  /** Kinds of fault to leave out. */
  readonly without: readonly string[]
  /** Kinds of fault that the seeds are to be about. */
  readonly focus: readonly string[]
  /** The first seed that breaks something is the last one. */
  readonly stopAtFirst: boolean
}

if (parentPort === null) throw new Error('this file runs in a thread of its own')
const port = parentPort

// Set by `threads.ts` alone.
registerSimulation(workerData as Mutant | null)
const { prepareSimulation }: { prepareSimulation: () => Promise<Simulate> } = await import(
  './simulate.ts'
)
const simulate = await prepareSimulation()

port.on('message', async ({ seeds, tell, without, focus, stopAtFirst }: Batch) => {
  const results: SeedResult[] = []
  for (const seed of seeds) {
    const result = await simulate({
      seed,
      tell,
      without: new Set(without),
      focus: new Set(focus),
    })
    results.push(result)
    if (stopAtFirst && result.broken.length > 0) break
  }
  port.postMessage(results)
})
