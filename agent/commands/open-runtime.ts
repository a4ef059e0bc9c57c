import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { NodePolicy } from '../policy.ts'
import { readPolicy } from '../policy-file.ts'
import type { Runtime } from '../runtime/runtime.ts'

export interface OpenedRuntime {
  readonly policy: NodePolicy
  readonly runtime: Runtime
}

/**
 * The engine of this machine, bounded by the node's policy. Whether it answers shows with the first call.
 * @param owner marks our containers, so that an agent touches no other's
 * @throws {PolicyError} when the policy cannot be trusted: nothing may run then
 */
export async function openRuntime(config: Config, log: Log, owner: string): Promise<OpenedRuntime> {
  const { policyFile, dataDir, dockerHost } = config
  const policy = readPolicy(policyFile, { dataRoot: dataDir, checkOwner: true })
  const { createDockerRuntime } = await import('../runtime/docker.ts')
  const clock = systemClock()
  return { policy, runtime: createDockerRuntime({ dockerHost, policy, owner, clock, log }) }
}
