import { panel } from '../../contract/api/panel.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { type BenchAgent, joinAsAgent } from './bench-agent.ts'
import { type Figure, timed } from './figures.ts'
import { inLanes } from './lanes.ts'

const agentCount = 200
const backWithin = 120_000

/**
 * workerd dies under a fleet: how long until every agent is welcomed again. After an unclean end each
 * agent waits up to 5 s by chance before its first attempt, as the product's link does.
 */
export async function reconnect(stack: Stack): Promise<Figure> {
  const agents: BenchAgent[] = []
  try {
    await inLanes(8, Array.from({ length: agentCount }).keys(), async (index) => {
      agents.push(await joinAsAgent(stack, `agent ${index}`))
    })
    const before = agents.map(({ welcomes }) => welcomes())
    process.kill(stack.workerd(), 'SIGKILL')
    const isBack = ({ welcomes }: BenchAgent, index: number) => welcomes() > (before[index] ?? 0)
    const [answering, welcoming] = await Promise.all([
      timed(() => until(() => answers(stack), 'that the panel answers', backWithin)),
      timed(() => until(() => agents.every(isBack), 'that all agents are back', backWithin)),
    ])
    return {
      name: 'reconnect',
      what: `${agentCount} agents welcomed again after workerd was killed`,
      value: welcoming / 1000,
      unit: 's',
      reference: { what: 'until the panel answered again', value: answering / 1000 },
      limit: null,
    }
  } finally {
    await Promise.all(agents.map((agent) => agent.close()))
  }
}

async function answers({ url }: Stack): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(backWithin)
    return (await fetch(new URL(panel.health.path, url), { signal })).ok
  } catch {
    return false // It is not there yet: the very thing that is waited for.
  }
}
