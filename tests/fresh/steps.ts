/** One thing that a newcomer does. @throws what `act` throws, which is said and counted */
export type Step = <T>(name: string, act: () => Promise<T>) => Promise<T>

export interface Steps {
  readonly step: Step
  readonly count: { passed: number; failed: number }
}

/** Runs steps, says how each ended and counts them. */
export function createSteps(say: (line: string) => void): Steps {
  const count = { passed: 0, failed: 0 }
  const step: Step = async (name, act) => {
    const began = performance.now()
    try {
      const result = await act()
      count.passed += 1
      say(`ok    ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
      return result
    } catch (error) {
      count.failed += 1
      say(`FAIL  ${name}: ${error instanceof Error ? error.message : error}`)
      throw error
    }
  }
  return { step, count }
}
