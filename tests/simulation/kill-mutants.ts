import { mutants } from './mutants.ts'
import { pastSeeds } from './past-seeds.ts'
import type { Mutant } from './register.ts'
import { inThreads, SimulationThread } from './threads.ts'

/** What became of one mutant. `seeds`: how many it took. */
export interface Fate {
  readonly mutant: string
  readonly seeds: number
  readonly killedBy: { readonly rule: string; readonly what: string } | null
}

const perBatch = 25

/** Simulates each mutant until an invariant is broken; one that survives `atMost` seeds is not seen at all. */
export async function killMutants(
  atMost: number,
  which: readonly Mutant[] = [...mutants, ...pastSeeds],
): Promise<Fate[]> {
  const fates = new Map<string, Fate>()
  await inThreads(which, async (mutant) => {
    fates.set(mutant.name, await fateOf(mutant, atMost))
  })
  return which.flatMap(({ name }) => fates.get(name) ?? [])
}

async function fateOf(mutant: Mutant, atMost: number): Promise<Fate> {
  const thread = new SimulationThread(mutant)
  try {
    for (let from = 1; from <= atMost; from += perBatch) {
      const length = Math.min(perBatch, atMost - from + 1)
      const seeds = Array.from({ length }, (_, at) => from + at)
      const results = await thread.run({ seeds, focus: mutant.focus ?? [], stopAtFirst: true })
      const last = results.at(-1)
      const [broken] = last?.broken ?? []
      if (last !== undefined && broken !== undefined) {
        return { mutant: mutant.name, seeds: last.seed, killedBy: broken }
      }
    }
    return { mutant: mutant.name, seeds: atMost, killedBy: null }
  } finally {
    await thread.end()
  }
}

/** The table that a run prints. */
export function tableOf(fates: readonly Fate[]): string {
  return fates
    .map(({ mutant, seeds, killedBy }) => {
      const end = killedBy === null ? `SURVIVED ${seeds} seeds` : `${killedBy.rule} after ${seeds}`
      return `${end.padEnd(22)} ${mutant}`
    })
    .join('\n')
}
