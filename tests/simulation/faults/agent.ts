import type { Machine } from '../machine/machine.ts'
import type { TrapKind } from '../machine/mortal.ts'
import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { Faults } from './fault.ts'

function startLater({ machine, timeline }: World, random: Random): void {
  const wait = random.chance(0.6) ? random.below(2_000) : random.below(60_000)
  timeline.after(wait, () => machine.start())
}

function trap(world: World, random: Random, kind: TrapKind): void {
  const { process } = world.machine
  if (process === null) return
  const isWrite = kind === 'before_write' || kind === 'after_write'
  process.trap = { kind, left: random.between(1, isWrite ? 12 : 3) }
  process.onDeath(() => startLater(world, random))
}

/** The agent ends, something happens to its data directory, and it starts again. */
function whileDown({ machine, timeline }: World, random: Random, work: (machine: Machine) => void) {
  machine.kill(random.chance(0.6))
  timeline.after(random.between(100, 15_000), () => {
    if (machine.process !== null) return
    work(machine)
    machine.start()
  })
}

export const agentFaults: Faults = {
  dies_before_write: (world, random) => trap(world, random, 'before_write'),
  dies_after_write: (world, random) => trap(world, random, 'after_write'),
  dies_before_effect: (world, random) => trap(world, random, 'before_effect'),
  dies_after_effect: (world, random) => trap(world, random, 'after_effect'),
  dies_thrice: (world, random) => {
    // Again and again in the middle of work, as something does that the agent cannot bear.
    const again = (left: number) => {
      const { process } = world.machine
      if (process === null || left === 0) return
      process.trap = { kind: 'after_effect', left: 1 }
      process.onDeath(() => {
        world.timeline.after(50, () => {
          world.machine.start()
          again(left - 1)
        })
      })
    }
    again(random.between(3, 6))
  },
  agent_killed: (world, random) => {
    world.machine.kill(random.chance(0.6))
    startLater(world, random)
  },
  agent_restarted: (world, random) => {
    void world.machine.close(() => startLater(world, random))
  },
  host_rebooted: (world, random) => {
    world.machine.reboot()
    startLater(world, random)
  },
  journal_lost: (world, random) =>
    whileDown(world, random, (machine) => {
      world.journalsLost += 1
      world.tracesLost += 1
      world.journal.lost()
      machine.disk.database = null
    }),
  identity_restored: (world, random) =>
    whileDown(world, random, ({ disk }) => {
      const connNo = Math.max(0, disk.card.connNo - random.between(1, 4))
      disk.card = { ...disk.card, connNo }
    }),
  disk_full: ({ machine, timeline }, random) => {
    machine.diskFull = random.between(1, 12)
    timeline.after(random.between(1_000, 20_000), () => {
      machine.diskFull = 0
    })
  },
  agent_clock_jumps: ({ machine }, random) => {
    const size = random.one([60_000, 3_600_000, 86_400_000])
    machine.skew = random.chance(0.5) ? size : -size
  },
  engine_down: ({ machine, timeline }, random) => {
    machine.engine.setUp(false)
    timeline.after(random.between(500, 40_000), () => machine.engine.setUp(true))
  },
  engine_slow: ({ machine, timeline }, random) => {
    machine.engine.latency = random.between(100, 6_000)
    timeline.after(random.between(2_000, 30_000), () => {
      machine.engine.latency = 3
    })
  },
  engine_answers_lost: ({ machine, timeline }, random) => {
    machine.engine.losesAnswers = 0.3
    timeline.after(random.between(2_000, 30_000), () => {
      machine.engine.losesAnswers = 0
    })
  },
  container_removed: (world, random) => {
    const { engine } = world.machine
    const found = random.pick([...engine.containers.values()])
    if (found === undefined) return
    if (found.view.marks.role === 'install') world.tracesLost += 1
    engine.remove(found.view.id)
  },
  container_killed: ({ machine }, random) => {
    const id = random.pick([...machine.engine.containers.keys()])
    if (id !== undefined) machine.engine.end(id, 137)
  },
}
