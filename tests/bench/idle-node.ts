import type { Figure } from './figures.ts'
import { framesOfAnHour } from './idle-agent.ts'
import { alarmsOfAnHour } from './idle-object.ts'
import { costAwake, costOfOneAwake, costOfOneMore, monthlyCost } from './node-cost.ts'
import { pokesOfAnHour } from './watchdog-pokes.ts'

const many = 1_000
const awake = { what: 'if objects did not hibernate' } as const

/** How often the object of a node without running servers wakes, and what that costs on the platform. */
export async function idleNode(): Promise<Figure[]> {
  const frames = await framesOfAnHour()
  const alarms = await alarmsOfAnHour()
  const alone = { alarms, frames, pokes: await pokesOfAnHour(1) }
  const inFleet = { alarms, frames, pokes: await pokesOfAnHour(many) }
  const wakes = (name: string, what: string, { pokes }: typeof alone): Figure => ({
    name,
    what,
    value: alarms + frames + pokes,
    unit: '/h',
    reference: { what: 'the liveness alarm alone', value: alarms },
    limit: null,
  })
  return [
    wakes('idle node', 'wakes of an idle node’s object: alarms, frames, watchdog', alone),
    wakes('idle node in a fleet', `the same among ${many}`, inFleet),
    {
      name: 'idle node cost',
      what: 'a month of one more idle node where what the plan includes is used up',
      value: costOfOneMore(alone),
      unit: '$',
      reference: { ...awake, value: costOfOneAwake() },
      limit: null,
    },
    {
      name: 'idle fleet cost',
      what: `a month of ${many} idle nodes beyond what the plan includes`,
      value: monthlyCost(many, inFleet),
      unit: '$',
      reference: { ...awake, value: costAwake(many) },
      limit: null,
    },
  ]
}
