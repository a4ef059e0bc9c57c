import { expect, test } from 'vitest'
import type { ServerId } from '../../contract/ids.ts'
import { operationStateOf } from '../../durable-objects/commands/row.ts'
import { Random } from './model/random.ts'
import { ModelWorld } from './model/world.ts'

const seeds = 400
const stepsPerSeed = 500

test('[Q2] [Q3] [Q5] [Q8] [N3] [N4] whatever is lost, repeated, late or crashes, each command settles once, in order', () => {
  let commands = 0
  let faults = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const world = new ModelWorld(new Random(seed), seed % 4 === 0 ? 45 : 5)
    for (let step = 0; step < stepsPerSeed; step += 1) world.step()
    world.settle()
    commands += world.accepted().length
    faults += world.faultsMade

    expect({ seed, broken: brokenIn(world) }).toEqual({ seed, broken: [] })
  }
  // A model in which nothing happens proves nothing.
  expect(commands).toBeGreaterThan(seeds * 20)
  expect(faults).toBeGreaterThan(seeds * 10)
})

/** Everything that the rules forbid and that happened all the same. */
function brokenIn(world: ModelWorld): string[] {
  const { object, agent } = world
  const broken = [...world.faults, ...object.faults, ...agent.faults]
  const seqs = [...object.rows.values()].map((row) => row.seq).sort((one, other) => one - other)
  if (seqs.some((seq, at) => seq !== at + 1)) broken.push('numbers are not dense')
  for (const row of object.rows.values()) {
    const starts = agent.effects.started.get(row.id) ?? 0
    if (row.endedAt === null) broken.push(`${row.id} never ended: ${row.state}`)
    if (starts > 1) broken.push(`${row.id} happened ${starts} times`)
    const isDone = row.state === 'succeeded' || row.state === 'failed'
    if (isDone && starts !== 1)
      broken.push(`${row.id} is ${row.state} but happened ${starts} times`)
    const isUndone = row.state === 'cancelled' || row.state === 'expired'
    if (isUndone && starts > 0) broken.push(`${row.id} is ${row.state} but happened`)
    const reported = object.reported.get(row.id)
    if (reported !== operationStateOf(row.state)) {
      broken.push(`${row.id} is ${row.state}, but ${reported} was reported last`)
    }
  }
  const last = new Map<ServerId, number>()
  for (const { id, lane, seq } of agent.effects.startOrder) {
    if (seq <= (last.get(lane) ?? 0)) broken.push(`${id} started out of order`)
    last.set(lane, seq)
  }
  return broken
}
