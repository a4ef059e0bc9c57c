import { startAgent } from '../agent.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { kernelBootId, openIdentity } from '../identity.ts'
import { lockDirectory } from '../lock.ts'
import type { Log } from '../log.ts'
import { agentVersion } from '../version.ts'
import { join } from './join.ts'
import { openRuntime } from './open-runtime.ts'

/** `run`: the agent, until it is asked to end. Servers keep running after it. */
export async function runCommand(config: Config, log: Log): Promise<number> {
  const unlock = lockDirectory(config.dataDir)
  const ending = endOf(config)
  const identity = openIdentity(config.dataDir)
  if (identity.nodeId === null) await join(config, identity, log)
  const { runtime, policy } = await openRuntime(config, log, identity.machineId)
  const panel = config.panel ?? identity.panel
  if (panel === null) throw new Error('Say where the panel is: --panel https://panel.example')
  const agent = await startAgent({
    dataDir: config.dataDir,
    panel,
    identity,
    policy,
    runtime,
    clock: systemClock(),
    random: Math.random,
    log,
    bootId: kernelBootId(),
    isRoot: config.isRoot,
    program: config.program,
  })
  log.info('the agent runs', { version: agentVersion, panel })
  const reason = await ending
  log.info('the agent ends; servers keep running', { reason })
  await agent.close()
  unlock()
  return 0
}

/** Resolves with the reason when the agent is asked to end. */
function endOf({ dieWithParent }: Config): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
    if (!dieWithParent) return
    const gone = () => resolve('the parent is gone')
    process.stdin.on('end', gone).on('close', gone).on('error', gone)
    process.stdin.resume()
  })
}
