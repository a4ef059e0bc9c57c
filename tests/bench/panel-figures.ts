import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { auth } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { type BenchAgent, joinAsAgent } from './bench-agent.ts'
import { benchServers } from './bench-servers.ts'
import { type Figure, paired, timed } from './figures.ts'
import { onStackWithAgent } from './stacks.ts'

const runs = 60
const lap = { what: "round trip of the agent's socket" } as const

/** The figures of one node with one agent, on one panel. */
export function panelFigures(
  wanted: (name: string) => boolean,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  return onStackWithAgent(say, async (stack, hasAgent) => {
    const figures: Figure[] = []
    const agent = await joinAsAgent(stack, 'bench')
    const [first] = await benchServers(stack, agent, 8)
    if (first === undefined) throw new Error('no server was made')
    if (wanted('power click')) figures.push(await powerClick(stack, agent, first))
    if (wanted('console line')) figures.push(await consoleLine(stack, agent, first))
    if (wanted('server list')) {
      await benchServers(stack, agent, 992)
      figures.push(await longList(stack))
    }
    if (hasAgent && wanted('agent memory')) figures.push(idleAgent(stack))
    await agent.close()
    return figures
  })
}

/** From the click's request until its desired state is at the agent. */
async function powerClick(stack: Stack, agent: BenchAgent, serverId: ServerId): Promise<Figure> {
  report(agent, serverId, 'running')
  await until(async () => (await stack.call(servers.get, { serverId })).state === 'running')
  const click = () =>
    timed(async () => {
      const arrives = agent.next((frame) => frame.type === 'desired')
      await Promise.all([arrives, stack.call(servers.restart, { serverId })])
    })
  await click()
  const { value, reference } = await paired(runs, click, () => agent.roundTrip())
  const what = 'restart clicked until the agent has it'
  return {
    name: 'power click',
    what,
    value,
    unit: 'ms',
    reference: { ...lap, value: reference },
    limit: null,
  }
}

/** From the agent's frame until a watching browser has the line. */
async function consoleLine(stack: Stack, agent: BenchAgent, serverId: ServerId): Promise<Figure> {
  const url = new URL(`/api/servers/${serverId}/socket`, stack.url)
  url.protocol = 'ws:'
  const browser = new WebSocket(url, {
    headers: { authorization: `Bearer ${stack.token}`, origin: stack.url.origin },
  })
  const arrives = (text: string) =>
    new Promise<void>((resolve) => {
      const listener = (data: unknown) => {
        if (!String(data).includes(text)) return
        browser.off('message', listener)
        resolve()
      }
      browser.on('message', listener)
    })
  await arrives('"hello"')
  browser.send(JSON.stringify({ type: 'resume', afterSeq: 0 }))
  let seq = 0
  const line = () => {
    seq += 1
    const text = `line ${seq}.`
    const at = new Date().toISOString()
    return timed(async () => {
      const seen = arrives(text)
      const lines = [{ seq, at, stream: 'stdout' as const, text }]
      agent.send({ type: 'console', serverId, lines })
      await seen
    })
  }
  await line()
  const { value, reference } = await paired(runs, line, () => agent.roundTrip())
  browser.close()
  const what = 'console line from the agent to a browser'
  return {
    name: 'console line',
    what,
    value,
    unit: 'ms',
    reference: { ...lap, value: reference },
    limit: null,
  }
}

/** The first 1,000 servers against a request that reads one row. */
async function longList(stack: Stack): Promise<Figure> {
  const list = () => timed(() => stack.call(servers.list, { limit: 1000 }))
  const point = () => timed(() => stack.call(auth.me, {}))
  await list()
  const { value, reference } = await paired(20, list, point)
  const what = 'list of 1,000 servers'
  return {
    name: 'server list',
    what,
    value,
    unit: 'ms',
    reference: { what: 'one bare point read', value: reference },
    limit: null,
  }
}

/** Memory of the real agent while it has nothing to do. */
function idleAgent(stack: Stack): Figure {
  const status = readFileSync(`/proc/${stack.processId('agent')}/status`, 'utf8')
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
  const what = 'resident memory of an idle agent'
  return {
    name: 'agent memory',
    what,
    value: kilobytes / 1024,
    unit: 'MB',
    reference: null,
    limit: 110,
  }
}

function report(agent: BenchAgent, serverId: ServerId, state: 'running'): void {
  const at = new Date().toISOString()
  agent.send({
    type: 'observed',
    observed: {
      serverId,
      incarnation: 0,
      generation: 0,
      state,
      startNo: 0,
      exit: null,
      problem: null,
      ports: [],
      startedAt: at,
      at,
    },
  })
}
