import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { ownerLabel, serverLabel } from '../../agent/runtime/container-marks.ts'
import { networkName } from '../../agent/runtime/network.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import { ServerId } from '../../contract/ids.ts'
import { runProgram } from '../../local/run-program.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { ensureTestImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'
import { AgentProcess } from './agent-process.ts'
import { ContainerWatch } from './container-watch.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { countedGame } from './game.ts'
import { History } from './history.ts'

/** Servers by what is done to them. */
export interface Cast {
  /** Fresh commands go here, to see whether all is well again. */
  readonly probe: ServerId
  /** Always run, so every line that is typed is read. */
  readonly typed: readonly ServerId[]
  readonly clicked: readonly ServerId[]
  /** Never run. */
  readonly installed: readonly ServerId[]
}

/** Everything real, in folders of its own: panel, agent, the bad way between them, and some servers. */
export interface FaultWorld {
  readonly stack: Stack
  readonly proxy: FaultProxy
  readonly agent: AgentProcess
  readonly agentDir: string
  /** For a copy of the agent's folder. */
  readonly cloneDir: string
  readonly watch: ContainerWatch
  readonly history: History
  readonly cast: Cast
  /** Where the history and the logs are. */
  readonly folder: string
}

const patience = 60_000

/** A panel, the way to it, and an agent that has joined. */
type Bare = Omit<FaultWorld, 'cast'>

/** @param linkTimerDivisor what the link's timers are divided by [N11] */
export async function createFaultWorld(linkTimerDivisor: number): Promise<FaultWorld> {
  await ensureTestImage()
  const bare = await createBare(linkTimerDivisor)
  try {
    return { ...bare, cast: await makeServers(bare.stack) }
  } catch (error) {
    await removeContainers(bare)
    await stopWorld(bare)
    throw error
  }
}

async function createBare(linkTimerDivisor: number): Promise<Bare> {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-faults-'))
  const agentDir = join(folder, 'agent')
  mkdirSync(agentDir, { mode: 0o700 })
  const history = new History(join(folder, 'history.jsonl'))
  const stack = await startStack({
    dataDir: join(folder, 'panel'),
    args: ['--no-agent'],
    env: { CATALYST_LINK_TIMER_DIVISOR: String(linkTimerDivisor) },
  })
  const proxy = await startFaultProxy(stack.url)
  const agent = new AgentProcess({
    dataDir: agentDir,
    panel: proxy.url,
    logFile: join(folder, 'agent.log'),
    onWelcome: (epoch) => history.note({ type: 'welcomed', who: 'agent', epoch }),
  })
  const node = await stack.call(nodes.create, {
    name: 'faulty',
    publicAddress: '127.0.0.1',
    ...portsOfItsOwn(),
  })
  const { token } = await stack.call(nodes.makeJoinToken, { nodeId: node.id })
  await agent.join(token)
  const watch = new ContainerWatch(machineIdOf(agentDir))
  agent.start()
  return { stack, proxy, agent, agentDir, cloneDir: join(folder, 'clone'), watch, history, folder }
}

/** Another panel on this machine hands out ports too. */
function portsOfItsOwn(): { portFrom: number; portTo: number } {
  const portFrom = 20_100 + 20 * Math.floor(Math.random() * 490)
  return { portFrom, portTo: portFrom + 19 }
}

async function makeServers(stack: Stack): Promise<Cast> {
  const { id: templateId } = await stack.call(templates.create, countedGame)
  const make = async (name: string): Promise<ServerId> => {
    const { id } = await stack.call(servers.create, {
      name,
      templateId,
      allocatedMemoryMb: 16,
      allocatedCpuCores: 0.5,
      allocatedDiskMb: 64,
    })
    return id
  }
  const makeAll = (...names: string[]) => Promise.all(names.map(make))
  const [probe] = await makeAll('probe')
  if (probe === undefined) throw new Error('no server was made')
  const typed = await makeAll('typed 1', 'typed 2', 'typed 3')
  const clicked = await makeAll('clicked 1', 'clicked 2')
  const installed = await makeAll('installed 1', 'installed 2')
  const is = (serverId: ServerId, status: string) =>
    until(
      async () => (await stack.call(servers.get, { serverId })).status === status,
      `a server that is ${status}`,
      patience,
    )
  for (const serverId of [probe, ...typed, ...clicked, ...installed]) await is(serverId, 'stopped')
  for (const serverId of [probe, ...typed]) await stack.call(servers.start, { serverId })
  for (const serverId of [probe, ...typed]) await is(serverId, 'running')
  return { probe, typed, clicked, installed }
}

export function everyServer({ probe, typed, clicked, installed }: Cast): ServerId[] {
  return [probe, ...typed, ...clicked, ...installed]
}

/** Deletes the servers through the panel, and by hand what is left of them when that fails. */
export async function removeServers(world: FaultWorld): Promise<void> {
  const { stack, cast } = world
  try {
    for (const serverId of everyServer(cast)) await stack.call(servers.delete, { serverId })
    const gone = async () => JSON.stringify(await stack.call(servers.list, {})) === '[]'
    await until(gone, 'the deletion of all servers', patience)
  } finally {
    await removeContainers(world)
  }
}

async function removeContainers({ agent, agentDir }: Bare): Promise<void> {
  await agent.kill()
  const filter = `label=${ownerLabel}=${machineIdOf(agentDir)}`
  const format = `{{.ID}} {{.Label "${serverLabel}"}}`
  const left = await runProgram('docker', ['ps', '-a', '--filter', filter, '--format', format])
  for (const line of left.split('\n').filter((each) => each !== '')) {
    const [id = '', serverId = ''] = line.split(' ')
    await runProgram('docker', ['rm', '-f', id])
    const network = networkName(ServerId.parse(serverId))
    await runProgram('docker', ['network', 'rm', '-f', network])
  }
}

/** Ends every process; the folder stays until `removeWorld`. */
export async function stopWorld({ stack, proxy, agent, watch }: Bare): Promise<void> {
  await agent.stop()
  proxy.close()
  await stack.stop()
  await watch.stop()
}

export function removeWorld({ folder }: Bare): void {
  removeStack(folder)
}

function machineIdOf(dataDir: string): string {
  const card = JSON.parse(readFileSync(join(dataDir, 'identity.json'), 'utf8'))
  return z.object({ machineId: z.string() }).parse(card).machineId
}
