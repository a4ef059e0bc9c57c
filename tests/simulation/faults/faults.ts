import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import { agentFaults } from './agent.ts'
import type { Faults } from './fault.ts'
import { lies } from './lies.ts'
import { networkFaults } from './network.ts'
import { objectFaults } from './object.ts'
import { twinFaults } from './twin.ts'

/** Everything that can go wrong, by name. */
export const faults: Faults = {
  ...networkFaults,
  ...objectFaults,
  ...agentFaults,
  ...twinFaults,
  ...lies,
}

export const faultNames: readonly string[] = Object.keys(faults)

/** How likely a seed has a kind of fault at all: few kinds at a time go deeper than all at once. */
const perKind = 0.13
/** The same when a seed is to be about certain kinds, for those and for the others. */
const inFocus = 0.9
const besides = 0.02

/**
 * Plans the faults of one seed. Each kind has chance of its own, so that leaving one out leaves the others as
 * they are.
 * @returns the kinds that this seed has
 */
export function planFaults(
  world: World,
  random: Random,
  within: number,
  { without, focus }: { without: ReadonlySet<string>; focus: ReadonlySet<string> },
): string[] {
  const kinds: string[] = []
  for (const [name, fault] of Object.entries(faults)) {
    const own = random.fork(name)
    const likely = focus.size === 0 ? perKind : focus.has(name) ? inFocus : besides
    if (!own.chance(likely) || without.has(name)) continue
    kinds.push(name)
    for (let left = own.between(1, 4); left > 0; left -= 1) {
      world.timeline.after(1_000 + own.below(within), () => {
        world.record.saw(`fault.${name}`)
        world.record.tell(() => `FAULT ${name}`)
        fault(world, own)
      })
    }
  }
  return kinds
}
