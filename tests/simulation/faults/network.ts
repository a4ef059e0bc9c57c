import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { Faults } from './fault.ts'

/** The connection that the agent holds now. */
function newestWire({ machine }: World) {
  return [...machine.wires].at(-1)
}

/** The weather is bad for a while. */
function spell(world: World, random: Random, change: Partial<World['machine']['weather']>): void {
  const { weather } = world.machine
  Object.assign(weather, change)
  world.timeline.after(random.between(500, 70_000), () => {
    Object.assign(weather, { latency: 20, upLost: false, downLost: false, refuses: false })
  })
}

export const networkFaults: Faults = {
  reset: (world) => newestWire(world)?.sever(),
  half_open_up: (world) => {
    const wire = newestWire(world)
    if (wire !== undefined) wire.upCut = true
  },
  half_open_down: (world) => {
    const wire = newestWire(world)
    if (wire !== undefined) wire.downCut = true
  },
  silent_cut: (world) => {
    const wire = newestWire(world)
    if (wire === undefined) return
    wire.upCut = true
    wire.downCut = true
  },
  agent_only_hears: (world) => {
    // The agent's end is closed and the object never learns of it.
    const wire = newestWire(world)
    if (wire === undefined) return
    wire.upCut = true
    wire.lost(1006)
  },
  stall: (world, random) => {
    const wire = newestWire(world)
    if (wire === undefined) return
    wire.extra = random.between(1_000, 20_000)
    world.timeline.after(random.between(500, 20_000), () => {
      wire.extra = 0
    })
  },
  late_hello: (world, random) => {
    world.machine.nextExtra = random.between(5_000, 9_500)
    newestWire(world)?.sever()
  },
  outage: (world, random) => spell(world, random, { upLost: true, downLost: true }),
  muted: (world, random) => {
    world.machine.mutes = random.between(5, 8)
    newestWire(world)?.sever()
  },
  refused: (world, random) => {
    spell(world, random, { refuses: true })
    newestWire(world)?.sever()
  },
  slow: (world, random) => spell(world, random, { latency: random.between(200, 5_000) }),
}
