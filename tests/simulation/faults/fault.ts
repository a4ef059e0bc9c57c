import type { Random } from '../random.ts'
import type { World } from '../world.ts'

/** Does one thing that goes wrong, and plans its end if it has one. */
export type Fault = (world: World, random: Random) => void
export type Faults = Readonly<Record<string, Fault>>
