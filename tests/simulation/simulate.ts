import { checkConsole } from './checks/console.ts'
import { checkOutcomes } from './checks/outcomes.ts'
import { unsettled } from './checks/settled.ts'
import { Evidence } from './evidence.ts'
import { planFaults } from './faults/faults.ts'
import { planFlood, planWorkload } from './panel/workload.ts'
import { takeOverGlobals } from './platform/globals.ts'
import { loadObjectCode } from './platform/object-code.ts'
import { SharedDatabase } from './platform/shared-database.ts'
import { Random } from './random.ts'
import { Timeline } from './timeline.ts'
import { World } from './world.ts'

export interface SeedOptions {
  readonly seed: number
  /** Keep the story. */
  readonly tell?: boolean
  /** Kinds of fault to leave out. */
  readonly without?: ReadonlySet<string>
  /** Kinds of fault that it is to be about; none: any. */
  readonly focus?: ReadonlySet<string>
}

/** What came of one seed. */
export interface SeedResult {
  readonly seed: number
  readonly broken: Evidence['broken']
  readonly seen: ReadonlyMap<string, number>
  readonly story: readonly string[]
  readonly kinds: readonly string[]
  readonly events: number
  /** Milliseconds from the last fault until everything was at rest; null: it never was. */
  readonly recoveredIn: number | null
}

export type Simulate = (options: SeedOptions) => Promise<SeedResult>

/** Longest time that a world may take to come to rest. Milliseconds. */
const restWithin = 20 * 60_000
const lookEvery = 5_000
/** A look each minute and a last one when silence has lasted long enough; a clock that went back may cost two more. */
const noticedWithin = 250_000

/** Prepares this thread, which afterwards runs one seed after the other and nothing else. */
export async function prepareSimulation(): Promise<Simulate> {
  const code = await loadObjectCode()
  const database = new SharedDatabase(code.migrate)
  takeOverGlobals()
  return async ({ seed, tell = false, without = new Set(), focus = new Set() }) => {
    const timeline = new Timeline()
    const record = new Evidence(timeline, tell)
    const random = new Random(seed)
    database.begin()
    try {
      const world = new World({ timeline, random: random.fork('world'), record, code, database })
      const { kinds, until } = plan(world, timeline, random, { without, focus })
      const recoveredIn = await live(world, timeline, until)
      const { broken, seen, story } = record
      return { seed, broken, seen, story, kinds, events: timeline.events, recoveredIn }
    } finally {
      database.undoAll()
    }
  }
}

function plan(
  world: World,
  timeline: Timeline,
  random: Random,
  kept: { without: ReadonlySet<string>; focus: ReadonlySet<string> },
) {
  const size = random.fork('size')
  const within = size.between(5_000, 28_000)
  const isWide = size.chance(0.004)
  const isFlood = size.chance(0.003)
  const load = {
    servers: isWide ? size.between(44, 60) : size.one([1, 1, 2, 2, 3]),
    actions: isWide ? 60 : size.between(6, 18),
    within,
  }
  world.begin()
  if (isFlood) planFlood(world.panel, timeline, size, within)
  planWorkload(world.panel, timeline, random.fork('people'), load)
  world.isSilent = size.chance(0.03)
  const kinds = planFaults(world, random.fork('faults'), within, kept)
  return { kinds, until: timeline.now + within + 5_000 }
}

/** [N6] A node that is gone without a word is noticed, by the object and by the ledger. */
async function checkSilence({ machine, rows, ledger, record }: World, timeline: Timeline) {
  await timeline.run(timeline.now + 15_000)
  record.saw('fault.node_gone')
  record.tell(() => 'FAULT node_gone')
  machine.isOff = true
  machine.kill(false)
  await timeline.run(timeline.now + noticedWithin)
  if (rows.link?.onlineSince != null) record.breaks('N6', 'a dead node is online for ever')
  if (ledger.isOnline) record.breaks('N6', 'a dead node is online in the ledger for ever')
  machine.isOff = false
  machine.start()
}

/** Lives through the faults, then waits until everything is at rest, and looks at what is left. */
async function live(world: World, timeline: Timeline, until: number): Promise<number | null> {
  const { record } = world
  await timeline.run(until)
  record.tell(() => 'HEALED')
  world.heal()
  if (world.isSilent) await checkSilence(world, timeline)
  const healedAt = timeline.now
  let restingSince: number | null = null
  let reasons: string[] = []
  while (timeline.now - healedAt < restWithin) {
    await timeline.run(timeline.now + lookEvery)
    reasons = unsettled(world)
    if (reasons.length > 0) restingSince = null
    // What comes late must change nothing any more.
    else if (restingSince !== null) break
    else restingSince = timeline.now
  }
  for (const reason of reasons) {
    const [rule = '', ...what] = reason.split(': ')
    record.breaks(rule, what.join(': '))
  }
  if (restingSince === null) return null
  checkOutcomes(world)
  checkConsole(world)
  return restingSince - healedAt
}
