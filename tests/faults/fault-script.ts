import type { Random } from '../simulation/random.ts'

/** How much of each a run does. */
export interface Sizes {
  readonly agentKills: number
  readonly workerdKills: number
  readonly libsqlKills: number
  readonly networkFaults: number
  readonly commands: number
}

export type NetworkFault =
  | { readonly fault: 'cut' }
  | { readonly fault: 'half_open_up' }
  | { readonly fault: 'half_open_down' }
  | { readonly fault: 'latency'; readonly latencyMs: number; readonly holdMs: number }
  | { readonly fault: 'trickle'; readonly bytesPerSecond: number; readonly holdMs: number }
  | { readonly fault: 'refused'; readonly holdMs: number }
  | { readonly fault: 'clone'; readonly holdMs: number }

/** One fault; times are milliseconds. */
export type Fault =
  | { readonly fault: 'agent_kill'; readonly downMs: number }
  | { readonly fault: 'workerd_kill' }
  | { readonly fault: 'libsql_kill' }
  | NetworkFault

/** A fault, and how long everything is left to work before it comes. */
export type Misfortune = Fault & { readonly afterMs: number }

/** Every fault of a run in its order, out of chance alone: the same seed tells the same story. */
export function faultScript(sizes: Sizes, random: Random): Misfortune[] {
  const faults: Fault[] = [
    ...times(sizes.agentKills, () => ({
      fault: 'agent_kill' as const,
      downMs: random.chance(0.5) ? 0 : random.between(0, 1_500),
    })),
    ...times(sizes.workerdKills, () => ({ fault: 'workerd_kill' as const })),
    ...times(sizes.libsqlKills, () => ({ fault: 'libsql_kill' as const })),
    ...times(sizes.networkFaults, (number) => networkFault(number, random)),
  ]
  return shuffled(faults, random).map((fault) => ({ ...fault, afterMs: random.between(0, 300) }))
}

/** Kinds come in turn, so that a short run has all of them; cuts, the most usual, come more often. */
function networkFault(number: number, random: Random): NetworkFault {
  const holdMs = random.between(200, 1_800)
  switch (number % 10) {
    case 0:
      return { fault: 'half_open_up' }
    case 1:
      return { fault: 'half_open_down' }
    case 2:
    case 7:
      return { fault: 'latency', latencyMs: random.between(100, 2_000), holdMs }
    case 3:
      return { fault: 'trickle', bytesPerSecond: random.one([1, 20, 400]), holdMs }
    case 4:
    case 8:
      return { fault: 'refused', holdMs }
    case 5:
      return { fault: 'clone', holdMs: random.between(800, 2_000) }
    default:
      return { fault: 'cut' }
  }
}

function times<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_none, number) => make(number))
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
