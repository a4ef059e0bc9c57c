import type { SeedResult } from './simulate.ts'
import { SimulationThread } from './threads.ts'

/**
 * Leaves out one kind of fault after the other, for as long as the seed still breaks the same rule.
 * @returns the kinds that can be left out, and the story of what is left
 */
export async function minimise(
  seed: number,
): Promise<{ readonly without: readonly string[]; readonly result: SeedResult }> {
  const thread = new SimulationThread()
  const run = async (without: readonly string[]) => {
    const [result] = await thread.run({ seeds: [seed], tell: true, without })
    if (result === undefined) throw new Error('a thread gave no result')
    return result
  }
  try {
    let result = await run([])
    const rule = result.broken[0]?.rule
    let without: readonly string[] = []
    if (rule === undefined) return { without, result }
    for (const kind of result.kinds) {
      const tried = await run([...without, kind])
      if (!tried.broken.some((broken) => broken.rule === rule)) continue
      without = [...without, kind]
      result = tried
    }
    return { without, result }
  } finally {
    await thread.end()
  }
}
