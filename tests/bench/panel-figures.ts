import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { auth } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { NodeId, ServerId } from '../../contract/ids.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import type { BenchAgent } from './bench-agent.ts'
import { type Figure, paired, timed } from './figures.ts'

const runs = 60
const lap = { what: "round trip of the agent's socket" } as const

/** A server on the bench's node; nothing ever installs it. */
export async function benchServers(
  stack: Stack,
  agent: BenchAgent,
  count: number,
): Promise<ServerId[]> {
  const { id: templateId } = await stack.call(templates.create, {
    name: `bench ${count}`,
    image: 'bench/none',
    startup: 'true',
  })
  const made: ServerId[] = []
  const one = async () => {
    const { id } = await stack.call(servers.create, {
      name: `bench ${made.length}`,
      templateId,
      nodeId: agent.nodeId as NodeId, // the node it was joined as
      allocatedMemoryMb: 16,
      allocatedCpuCores: 0.05,
      allocatedDiskMb: 16,
    })
    made.push(id)
  }
  while (made.length < count) await Promise.all(Array.from({ length: 8 }, one))
  return made
}

/** From the click's request until its desired state is at the agent. */
export async function powerClick(
  stack: Stack,
  agent: BenchAgent,
  serverId: ServerId,
): Promise<Figure> {
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
export async function consoleLine(
  stack: Stack,
  agent: BenchAgent,
  serverId: ServerId,
): Promise<Figure> {
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
      agent.send({ type: 'console', epoch: agent.epoch, serverId, lines })
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
export async function longList(stack: Stack): Promise<Figure> {
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
export function idleAgent(stack: Stack): Figure {
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
    epoch: agent.epoch,
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
