import { servers as endpoints } from '../../contract/api/servers.ts'
import type { ServerId } from '../../contract/ids.ts'
import { Refused } from '../../local/api.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { type ConsoleWatcher, watchConsole } from './console-watcher.ts'
import { EventWatcher, type Seen } from './event-watcher.ts'
import { type Figure, percentile, timed } from './figures.ts'
import { FleetNode } from './fleet-node.ts'
import { inLanes } from './lanes.ts'

const nodeCount = 50
const serversEach = 40
const watchersOfEachKind = 100
const listsBefore = 60
const settlesWithin = 120_000

/**
 * Nodes that report and talk while people watch them and page through the list.
 * @param minutes how long
 * @throws when an event stream or a console did not end up with the last that was said
 */
export async function fleet(stack: Stack, minutes: number): Promise<Figure[]> {
  const nodes: FleetNode[] = []
  await inLanes(4, Array.from({ length: nodeCount }).keys(), async (index) => {
    nodes.push(await FleetNode.join(stack, `node ${index}`, serversEach))
  })
  await untilListIsTrue(stack, nodes)
  const before = await lists(stack, (done) => done < listsBefore)
  const streams = Array.from({ length: watchersOfEachKind }, () => new EventWatcher(stack))
  const consoles: ConsoleWatcher[] = []
  try {
    await Promise.all(streams.map((stream) => stream.open()))
    await inLanes(8, watchedOf(nodes), async (serverId) => {
      consoles.push(await watchConsole(stack, serverId))
    })
    const newest = () => Math.max(...streams.map((stream) => stream.newest))
    const changesBefore = newest()
    const began = performance.now()
    const since = new Date().toISOString()
    const load = await stir(stack, nodes, minutes)
    await untilListIsTrue(stack, nodes)
    await untilAllHeard(nodes, since, streams, consoles)
    const changes = (newest() - changesBefore) / ((performance.now() - began) / 1000)
    return figuresOf(before, load, streams, changes)
  } finally {
    for (const watcher of [...streams, ...consoles]) watcher.close()
    await Promise.all(nodes.map(({ agent }) => agent.close()))
  }
}

/** Two servers of each node. */
function* watchedOf(nodes: readonly FleetNode[]): Generator<ServerId> {
  for (let index = 0; index < watchersOfEachKind; index += 1) {
    const servers = nodes[index % nodes.length]?.servers ?? []
    const server = servers[Math.floor(index / nodes.length)]
    if (server !== undefined) yield server.serverId
  }
}

interface Load {
  readonly seconds: number
  readonly lists: Lists
  readonly roundTrips: readonly number[]
  readonly reports: number
}

async function stir(stack: Stack, nodes: readonly FleetNode[], minutes: number): Promise<Load> {
  const reports = () => nodes.reduce((sum, node) => sum + node.reports, 0)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const before = reports()
  for (const node of nodes) node.stir()
  const roundTrips: number[] = []
  try {
    const read = await lists(stack, async () => {
      roundTrips.push((await nodes[0]?.agent.roundTrip()) ?? 0)
      return seconds() < minutes * 60
    })
    return { seconds: seconds(), lists: read, roundTrips, reports: reports() - before }
  } finally {
    for (const node of nodes) node.rest()
  }
}

interface Lists {
  /** Milliseconds of each. */
  readonly times: readonly number[]
  readonly refused: number
}

/** Reads the list's first page, up to four times a second, as long as the test says. */
async function lists(
  stack: Stack,
  goesOn: (done: number) => boolean | Promise<boolean>,
): Promise<Lists> {
  const times: number[] = []
  let refused = 0
  const read = async () => {
    try {
      await stack.call(endpoints.list, { limit: 50 })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused += 1
    }
  }
  while (await goesOn(times.length)) {
    times.push(await timed(read))
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return { times, refused }
}

/** The API shows of each server the last that its node said. */
async function untilListIsTrue(stack: Stack, nodes: readonly FleetNode[]): Promise<void> {
  const said = saidOf(nodes)
  const isTrue = async () => {
    await new Promise((resolve) => setTimeout(resolve, 250))
    try {
      return missing(said, await shownOf(stack)) === 0
    } catch (error) {
      if (error instanceof Refused) return false
      throw error
    }
  }
  await until(isTrue, 'that the list shows what was reported last', settlesWithin)
}

async function shownOf(stack: Stack): Promise<ReadonlyMap<ServerId, Seen>> {
  const shown = new Map<ServerId, Seen>()
  for (let page = 1; page <= (nodeCount * serversEach) / 1000; page += 1) {
    const found = await stack.call(endpoints.list, { limit: 1000, page })
    for (const { id, state, observedAt } of found) shown.set(id, { state, at: observedAt })
  }
  return shown
}

/** What was said since they listen has reached every stream and every console. */
async function untilAllHeard(
  nodes: readonly FleetNode[],
  since: string,
  streams: readonly EventWatcher[],
  consoles: readonly ConsoleWatcher[],
): Promise<void> {
  const expected = new Map([...saidOf(nodes)].filter(([, { at }]) => at !== null && at >= since))
  const lost = () => streams.reduce((sum, { servers }) => sum + missing(expected, servers), 0)
  await until(() => lost() === 0, 'that every stream heard the last of each server', settlesWithin)
  const lines = new Map(
    nodes.flatMap(({ servers }) => servers.map((one) => [one.serverId, one.lines])),
  )
  const isComplete = (console: ConsoleWatcher) =>
    console.newest() === lines.get(console.serverId) && console.faults() === 0
  await until(() => consoles.every(isComplete), 'that every console is whole', settlesWithin)
}

function saidOf(nodes: readonly FleetNode[]): ReadonlyMap<ServerId, Seen> {
  return new Map(nodes.flatMap(({ servers }) => servers.map((one) => [one.serverId, one.said])))
}

function missing(
  expected: ReadonlyMap<ServerId, Seen>,
  shown: ReadonlyMap<ServerId, Seen>,
): number {
  let count = 0
  for (const [serverId, { state, at }] of expected) {
    const seen = shown.get(serverId)
    if (seen?.state !== state || seen.at !== at) count += 1
  }
  return count
}

function figuresOf(
  before: Lists,
  load: Load,
  streams: readonly EventWatcher[],
  changes: number,
): Figure[] {
  const late = streams.flatMap(({ lateBy }) => lateBy)
  const events = streams.reduce((sum, { heard }) => sum + heard, 0)
  const p95 = (values: readonly number[]) => percentile(values, 0.95)
  return [
    {
      name: 'fleet list',
      what: '50 of 2,000 servers while 50 nodes report and 200 people watch, p95',
      value: p95(load.lists.times),
      unit: 'ms',
      reference: { what: 'the same list at rest, p95', value: p95(before.times) },
      limit: null,
    },
    {
      name: 'fleet lists refused',
      what: 'answered with an error, since the database took too long',
      value: load.lists.refused,
      unit: 'lists',
      reference: { what: 'asked', value: load.lists.times.length },
      limit: null,
    },
    {
      name: 'fleet rows',
      what: 'rows changed in libSQL, until the last was told',
      value: changes,
      unit: '/s',
      reference: { what: 'states reported by agents', value: load.reports / load.seconds },
      limit: null,
    },
    {
      name: 'fleet lateness',
      what: 'from an agent’s report until an event stream tells it, p95',
      value: p95(late),
      unit: 'ms',
      reference: { what: "round trip of an agent's socket, p95", value: p95(load.roundTrips) },
      limit: null,
    },
    {
      name: 'fleet events lost',
      what: 'last states that a stream did not hear, and console lines',
      value: 0,
      unit: 'events',
      reference: { what: 'heard', value: events },
      limit: 0,
    },
  ]
}
