import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Mutant } from './register.ts'
import type { SeedResult } from './simulate.ts'
import type { Batch } from './worker.ts'

/** A thread that simulates the product, or one mutant of it. */
export class SimulationThread {
  private readonly worker: Worker

  constructor(mutant: Mutant | null = null) {
    // Plain Node runs the product's sources, whatever this very process was started with.
    this.worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: mutant,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
  }

  /** Runs a batch; rejects when the thread fails, as it does when a mutant's text is not found. */
  run(batch: Partial<Batch> & Pick<Batch, 'seeds'>): Promise<SeedResult[]> {
    const { worker } = this
    return new Promise((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', (results: SeedResult[]) => {
        worker.off('error', reject)
        resolve(results)
      })
      worker.postMessage({ tell: false, without: [], focus: [], stopAtFirst: false, ...batch })
    })
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }
}

export const threadsAtMost = Math.max(1, Math.min(8, availableParallelism()))

/** Works through a list with as many threads at a time as there are cores. */
export async function inThreads<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: threadsAtMost }, one))
}

/** Seeds in one message: long enough that passing it costs nothing, short enough to share out evenly. */
const perBatch = 100

/** Simulates the product for `count` seeds from `first` on, on all cores. */
export async function simulateSeeds(
  first: number,
  count: number,
  each: (result: SeedResult) => void,
): Promise<void> {
  const batches: number[][] = []
  for (let from = 0; from < count; from += perBatch) {
    const length = Math.min(perBatch, count - from)
    batches.push(Array.from({ length }, (_, at) => first + from + at))
  }
  const idle = Array.from({ length: Math.min(threadsAtMost, batches.length) }, () => {
    return new SimulationThread()
  })
  const threads = [...idle]
  try {
    await inThreads(batches, async (seeds) => {
      const thread = idle.pop()
      if (thread === undefined) throw new Error('more work at a time than threads')
      for (const result of await thread.run({ seeds })) each(result)
      idle.push(thread)
    })
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}
