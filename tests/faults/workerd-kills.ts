import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { type PanelCall, panelCaller } from '../../local/api.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { ObedientNode } from './obedient-node.ts'
import { ScriptedNode } from './scripted-agent.ts'

/** What became of the commands of a run in which workerd was killed again and again. */
export interface KillFigures {
  readonly kills: number
  readonly acknowledged: number
  readonly carriedOut: number
  /** Accepted by the panel, and never seen by the node. */
  readonly lost: readonly string[]
  readonly twice: readonly string[]
  /** Sent in another order than that of `seq`, or under two numbers. */
  readonly wrong: readonly string[]
}

/** Lines that are asked for at a time. */
const atOnce = 6
const patience = 150_000

/**
 * Asks for console lines without a pause while workerd is killed outright, on a node that carries out each
 * line at once. Every line that was acknowledged has to arrive, and none twice.
 */
export async function killWorkerdUnderLoad(kills: number): Promise<KillFigures> {
  const stack = await startStack({
    args: ['--no-agent'],
    env: { CATALYST_LINK_TIMER_DIVISOR: '10' },
  })
  const scripted = await ScriptedNode.join(stack, 'obedient')
  const node = new ObedientNode(scripted)
  try {
    node.start()
    const serverIds = await runningServers(stack, scripted, ['one', 'two'])
    const load = new Load(stack, serverIds)
    load.start()
    for (let kill = 0; kill < kills; kill += 1) {
      const before = load.acknowledged.size
      await until(() => load.acknowledged.size >= before + 5, 'lines to be taken in', patience)
      process.kill(await until(() => workerdOf(stack), 'workerd', patience), 'SIGKILL')
    }
    await load.stop()
    await allEnded(stack, load.acknowledged)
    return figuresOf(kills, load.acknowledged, node)
  } finally {
    node.stop()
    await stack.stop()
    removeStack(stack.dataDir)
  }
}

async function runningServers(
  stack: Stack,
  { nodeId }: ScriptedNode,
  names: readonly string[],
): Promise<ServerId[]> {
  const template = { name: 'obedient', image: 'example/none', startup: 'true' }
  const { id: templateId } = await stack.call(templates.create, template)
  const limits = { allocatedMemoryMb: 16, allocatedCpuCores: 0.05, allocatedDiskMb: 16 }
  const made: ServerId[] = []
  for (const name of names) {
    const { id } = await stack.call(servers.create, { name, templateId, nodeId, ...limits })
    const is = (state: string) =>
      until(async () => (await stack.call(servers.get, { serverId: id })).state === state, state)
    await is('stopped')
    await stack.call(servers.start, { serverId: id })
    await is('running')
    made.push(id)
  }
  return made
}

/** Asks for unique lines, some at a time, and remembers which were acknowledged. */
class Load {
  readonly acknowledged = new Map<OperationId, string>()
  private readonly serverIds: readonly ServerId[]
  private readonly call: PanelCall
  private asked = 0
  private isOver = false
  private work: Promise<unknown> = Promise.resolve()

  constructor(stack: Stack, serverIds: readonly ServerId[]) {
    this.serverIds = serverIds
    this.call = panelCaller(stack.url, stack.token, (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.timeout(20_000) }),
    )
  }

  start(): void {
    this.work = Promise.all(Array.from({ length: atOnce }, () => this.goOn()))
  }

  async stop(): Promise<void> {
    this.isOver = true
    await this.work
  }

  private async goOn(): Promise<void> {
    while (!this.isOver) {
      this.asked += 1
      const command = `line-${this.asked}`
      const serverId = this.serverIds[this.asked % this.serverIds.length]
      if (serverId === undefined) throw new Error('there is no server')
      await this.call(servers.command, { serverId, command }).then(
        ({ operationId }) => this.acknowledged.set(operationId, command),
        // It may have been taken in or not; only what was acknowledged is owed.
        () => new Promise((resolve) => setTimeout(resolve, 20)),
      )
    }
  }
}

function workerdOf(stack: Stack): number | null {
  try {
    return stack.workerd()
  } catch {
    return null // It is just being started again.
  }
}

async function allEnded(stack: Stack, acknowledged: ReadonlyMap<OperationId, string>) {
  for (const operationId of acknowledged.keys()) {
    const hasEnded = async () => {
      const found = await stack.call(operations.get, { operationId }).catch(() => null)
      return found?.state === 'succeeded'
    }
    await until(hasEnded, `the end of ${operationId}`, patience)
  }
}

function figuresOf(
  kills: number,
  acknowledged: ReadonlyMap<OperationId, string>,
  node: ObedientNode,
): KillFigures {
  const times = new Map<string, number>()
  for (const { line } of node.done) times.set(line, (times.get(line) ?? 0) + 1)
  const lines = [...acknowledged.values()]
  return {
    kills,
    acknowledged: lines.length,
    carriedOut: node.done.length,
    lost: lines.filter((line) => !times.has(line)),
    twice: [...times].flatMap(([line, count]) =>
      line.startsWith('line-') && count > 1 ? [line] : [],
    ),
    wrong: node.wrong,
  }
}
