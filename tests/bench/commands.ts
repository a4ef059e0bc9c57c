import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import type { ServerId } from '../../contract/ids.ts'
import { MemoryEngine } from '../support/memory-engine.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { joinAsAgent, type Panel } from './bench-agent.ts'
import { benchImage, benchServers } from './bench-servers.ts'
import { echoRate } from './echo.ts'
import { type Figure, timed } from './figures.ts'
import { inLanes } from './lanes.ts'
import { type RealNode, realNode } from './real-agent.ts'

const serverCount = 100
/** As many as a node's object keeps open [Q11]. */
const lineCount = 2000
const inFlight = 32
const settlesWithin = 600_000
const looksEvery = 100

/**
 * Console lines on one object: accepted while the agent is away, then carried out by the real agent with
 * its journal on disk. Round robin over the servers, so that the pause between two lines of one server is
 * not what is measured.
 * @throws when a line was lost, or read twice
 */
export async function commandRates(stack: Stack): Promise<Figure[]> {
  const bench = await joinAsAgent(stack, 'echo')
  const engine = new MemoryEngine()
  const read = readingEngine(engine)
  const node = await realNode(stack, engine)
  try {
    const serverIds = await runningServers(stack, node)
    const lines = Array.from({ length: lineCount }, (_, line) => `line ${line}`)
    const submitting = await timed(() => submit(stack, serverIds, lines))
    const echo = await echoRate(bench)
    const settling = await settle(stack, node)
    await requireAll(stack, node, lines, read)
    const rate = (name: string, what: string, ms: number): Figure => ({
      name,
      what,
      value: lineCount / (ms / 1000),
      unit: '/s',
      reference: { what: "echoes on the agent's socket", value: echo },
      limit: null,
    })
    return [
      rate('commands taken', 'commands accepted for one node that is away', submitting),
      rate(
        'commands settled',
        'those commands, from the agent’s start until all have ended',
        settling,
      ),
    ]
  } finally {
    await bench.close()
    node.remove()
  }
}

/** Counts what the servers' processes read. */
function readingEngine(engine: MemoryEngine): ReadonlyMap<string, number> {
  const read = new Map<string, number>()
  engine.program(benchImage, (process) => {
    process.onLine((line) => read.set(line, (read.get(line) ?? 0) + 1))
  })
  return read
}

/** Servers that run; the agent has gone then. */
async function runningServers(panel: Panel, node: RealNode): Promise<ServerId[]> {
  const agent = await node.start()
  try {
    const serverIds = await benchServers(panel, node, serverCount)
    await untilNoneOpen(panel, node)
    await inLanes(inFlight, serverIds.values(), (serverId) =>
      panel.call(servers.start, { serverId }),
    )
    const running = { nodeId: node.nodeId, status: 'running', limit: 1000 } as const
    await until(
      async () => (await panel.call(servers.list, running)).length >= serverCount,
      'that all servers run',
      60_000,
    )
    await untilNoneOpen(panel, node)
    return serverIds.slice(0, serverCount)
  } finally {
    await agent.close()
  }
}

function submit(panel: Panel, serverIds: readonly ServerId[], lines: readonly string[]) {
  return inLanes(inFlight, lines.entries(), ([index, command]) => {
    const serverId = serverIds[index % serverIds.length]
    if (serverId === undefined) throw new Error('there is no server')
    return panel.call(servers.command, { serverId, command })
  })
}

/** Milliseconds from the agent's start until nothing is open any more. */
async function settle(panel: Panel, node: RealNode): Promise<number> {
  const began = performance.now()
  const agent = await node.start()
  try {
    await untilNoneOpen(panel, node)
    return performance.now() - began
  } finally {
    await agent.close()
  }
}

function untilNoneOpen(panel: Panel, { nodeId }: RealNode) {
  const open = { nodeId, state: 'open', limit: 1 } as const
  const isNoneOpen = async () => {
    // Asked without a pause, the panel would be measured at answering this.
    await new Promise((resolve) => setTimeout(resolve, looksEvery))
    return (await panel.call(operations.list, open)).length === 0
  }
  return until(isNoneOpen, 'that no operation is open', settlesWithin)
}

async function requireAll(
  panel: Panel,
  { nodeId }: RealNode,
  lines: readonly string[],
  read: ReadonlyMap<string, number>,
): Promise<void> {
  const twice = lines.filter((line) => read.get(line) !== 1)
  if (twice.length > 0) throw new Error(`${twice.length} lines were not read once: ${twice[0]}`)
  let succeeded = 0
  for (let page = 1; page <= lineCount / 1000 + 1; page += 1) {
    const asked = { nodeId, kind: 'console.input', limit: 1000, page } as const
    const found = await panel.call(operations.list, asked)
    succeeded += found.filter(({ state }) => state === 'succeeded').length
  }
  if (succeeded !== lineCount) throw new Error(`${succeeded} of ${lineCount} commands succeeded`)
}
