import type { BenchAgent } from './bench-agent.ts'

const rounds = 20_000
const inFlight = 32

/** How many texts a second go there and back on an agent's socket, with as many under way as commands. */
export async function echoRate(agent: BenchAgent): Promise<number> {
  const began = performance.now()
  let left = rounds
  const lane = async () => {
    for (; left > 0; left -= 1) await agent.roundTrip()
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return rounds / ((performance.now() - began) / 1000)
}
