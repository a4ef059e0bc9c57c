import type { Faults } from './fault.ts'

const day = 24 * 3_600_000

export const objectFaults: Faults = {
  object_killed: ({ object, timeline }, random) => {
    object.kill(random.chance(0.6))
    timeline.after(random.chance(0.5) ? random.below(200) : random.below(60_000), () =>
      object.start(),
    )
  },
  object_killed_mid_turn: ({ object, timeline, record }, random) => {
    // Waits for a turn that is written and not yet on disk, so that it is lost with all it said.
    const look = (left: number) => {
      if (object.storage.isDirty && object.isUp) {
        record.saw('object.killed_mid_turn')
        object.kill(random.chance(0.6))
        timeline.after(random.below(3_000), () => object.start())
      } else if (left > 0) timeline.after(7, () => look(left - 1))
    }
    look(60)
  },
  evicted: ({ object }) => object.evict(),
  evicted_often: ({ object, timeline }, random) => {
    const every = random.between(5, 400)
    const again = (left: number) => {
      object.evict()
      if (left > 0) timeline.after(every, () => again(left - 1))
    }
    again(random.between(5, 25))
  },
  alarm_twice: ({ object, timeline }, random) => {
    object.fireAlarm()
    timeline.after(random.below(50), () => object.fireAlarm())
  },
  alarm_late: ({ object, timeline }, random) => {
    object.alarmLate = random.between(5_000, 120_000)
    timeline.after(random.between(10_000, 90_000), () => {
      object.alarmLate = 0
    })
  },
  object_clock_jumps: ({ object }, random) => {
    const size = random.one([40_000, 90_000, 3_600_000, day])
    object.setClock(random.chance(0.5) ? size : -size)
  },
  storage_fails: ({ object }, random) => {
    object.mayComplain = true
    object.storage.failures = random.between(1, 2)
  },
  object_answers_lost: ({ deliveries, timeline }, random) => {
    deliveries.losesAnswers = 0.5
    timeline.after(random.between(2_000, 40_000), () => {
      deliveries.losesAnswers = 0
    })
  },
  calls_slow: ({ deliveries, timeline }, random) => {
    // So slow that a later call may arrive before an earlier one.
    deliveries.latency = random.between(200, 15_000)
    timeline.after(random.between(2_000, 40_000), () => {
      deliveries.latency = 3
    })
  },
  ledger_down: ({ ledger, timeline }, random) => {
    ledger.isUp = false
    timeline.after(random.between(500, 70_000), () => {
      ledger.isUp = true
    })
  },
  ledger_slow: ({ ledger, timeline }, random) => {
    ledger.latency = random.between(500, 40_000)
    timeline.after(random.between(2_000, 40_000), () => {
      ledger.latency = 5
    })
  },
  ledger_answers_lost: ({ ledger, timeline }, random) => {
    ledger.losesAnswers = 0.5
    timeline.after(random.between(2_000, 60_000), () => {
      ledger.losesAnswers = 0
    })
  },
  rekeyed: (world, random) => {
    world.deliveries.setKey(null)
    world.timeline.after(random.between(200, 5_000), () => world.rekey())
  },
}
