import { cpSync, rmSync } from 'node:fs'
import { setTimeout as lasts } from 'node:timers/promises'
import { until } from '../support/until.ts'
import { AgentProcess } from './agent-process.ts'
import { fairWeather } from './fault-proxy.ts'
import type { Fault } from './fault-script.ts'
import type { FaultWorld } from './fault-world.ts'
import type { Weather } from './wire.ts'

/** Lets a fault happen, from its beginning to its end; what it leaves behind heals by itself or not. */
export async function happen(world: FaultWorld, fault: Fault): Promise<void> {
  const { proxy, agent, stack } = world
  switch (fault.fault) {
    case 'agent_kill':
      await agent.kill()
      await lasts(fault.downMs)
      return agent.start()
    case 'workerd_kill':
      return killOutright(() => stack.workerd())
    case 'libsql_kill':
      return killOutright(() => stack.processId('libsql'))
    case 'cut':
      return proxy.cut()
    case 'half_open_up':
      return proxy.halfOpen('up')
    case 'half_open_down':
      return proxy.halfOpen('down')
    case 'latency':
      return during(world, fault.holdMs, { latencyMs: fault.latencyMs })
    case 'trickle':
      return during(world, fault.holdMs, { bytesPerSecond: fault.bytesPerSecond })
    case 'refused':
      proxy.setWeather({ ...fairWeather, refuses: true })
      proxy.cut()
      await lasts(fault.holdMs)
      return proxy.setWeather(fairWeather)
    case 'clone':
      return clone(world, fault.holdMs)
  }
}

async function during({ proxy }: FaultWorld, ms: number, change: Partial<Weather>): Promise<void> {
  proxy.setWeather({ ...fairWeather, ...change })
  await lasts(ms)
  proxy.setWeather(fairWeather)
}

/** Between two lives there is nobody to kill, and nothing to do. */
function killOutright(find: () => number): void {
  try {
    process.kill(find(), 'SIGKILL')
  } catch (error) {
    if (!isNotThere(error)) throw error
  }
}

function isNotThere(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : null
  return code === 'ENOENT' || code === 'ESRCH' || error.message.includes('has no child')
}

/** Copies all but the servers' files, unless one goes away in the middle: the agent is at work in it. */
function copied(from: string, to: string): boolean {
  try {
    rmSync(to, { recursive: true, force: true })
    cpSync(from, to, { recursive: true, filter: (path) => !path.startsWith(`${from}/servers`) })
    return true
  } catch (error) {
    if (!isNotThere(error)) throw error
    return false
  }
}

/**
 * A snapshot of the agent's machine comes to life beside it: same key, same journal, same numbers. It has no
 * engine: the servers are on the other machine.
 */
async function clone(world: FaultWorld, ms: number): Promise<void> {
  const { agentDir, cloneDir, proxy, history, folder } = world
  await until(() => copied(agentDir, cloneDir), 'a copy of the folder')
  const twin = new AgentProcess({
    dataDir: cloneDir,
    panel: proxy.url,
    logFile: `${folder}/clone.log`,
    dockerHost: `${folder}/no-engine.sock`,
    onWelcome: (epoch) => history.note({ type: 'welcomed', who: 'clone', epoch }),
  })
  const began = Date.now()
  twin.start()
  await lasts(ms)
  await twin.kill()
  history.note({ type: 'cloned', until: Date.now() }, began)
}
