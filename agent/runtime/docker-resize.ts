import type Dockerode from 'dockerode'
import type { Limits } from '../../contract/protocol/spec.ts'
import type { NodePolicy } from '../policy.ts'
import { limitRequest } from './container-limits.ts'
import { callLimits, limited } from './docker-call.ts'
import { RuntimeError } from './runtime.ts'

/**
 * Holds a running container to other limits.
 * @param usedBytes what it uses now; null: not known
 * @throws {RuntimeError} `failed` when it uses more memory than it would have: the kernel would kill it
 */
export async function resizeContainer(
  docker: Dockerode,
  containerId: string,
  limits: Limits,
  policy: NodePolicy,
  usedBytes: number | null,
): Promise<void> {
  const request = limitRequest(limits, policy)
  if (usedBytes !== null && usedBytes >= request.Memory) {
    throw new RuntimeError('failed', 'It uses more memory now than the new limit allows.')
  }
  await limited('update', callLimits.look, async () => {
    // Without a set it keeps the one it has, so all cores are named.
    const { NCPU } = await docker.info()
    const CpusetCpus = request.CpusetCpus ?? `0-${NCPU - 1}`
    await docker.getContainer(containerId).update({ ...request, CpusetCpus })
  })
}
