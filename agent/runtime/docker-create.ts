import { isDeepStrictEqual } from 'node:util'
import type Dockerode from 'dockerode'
import { allows, type NodePolicy } from '../policy.ts'
import { containerName, ownerLabel } from './container-marks.ts'
import { containerRequest } from './container-spec.ts'
import { callLimits, limited } from './docker-call.ts'
import { inspect, remove } from './docker-containers.ts'
import { isGone } from './docker-errors.ts'
import { viewOf } from './docker-view.ts'
import { type ContainerOrder, type ContainerView, RuntimeError } from './runtime.ts'
import { scriptArchive } from './script-archive.ts'

export interface Maker {
  readonly docker: Dockerode
  readonly policy: NodePolicy
  readonly owner: string
  /** Makes what the container stands on: its network and the rules around it. */
  readonly prepare: () => Promise<void>
}

/**
 * Makes a container that the policy allows. One of the same server and role that does not run is
 * replaced; one with the very same marks that runs is the answer.
 * @throws {RuntimeError} `refused` by the policy; `failed` while another of the same role runs
 */
export async function createContainer(maker: Maker, order: ContainerOrder): Promise<ContainerView> {
  const { docker, policy, owner } = maker
  const { marks, spec, dataDir, uid } = order
  const allowed = allows(policy, { role: marks.role, spec, dataDir, uid })
  if (allowed !== true) throw new RuntimeError('refused', allowed)
  const running = await removeStopped(maker, order)
  if (running !== null) return running
  await maker.prepare()
  const container = await limited('create', callLimits.create, (abortSignal) =>
    docker.createContainer({ ...containerRequest(order, policy, owner), abortSignal }),
  )
  try {
    await copyScript(container, order)
    const view = await inspect(docker, container.id)
    if (view === null) throw new RuntimeError('no_such_container', 'The new container is gone.')
    return view
  } catch (error) {
    await remove(docker, container.id)
    throw error
  }
}

async function copyScript(container: Dockerode.Container, order: ContainerOrder): Promise<void> {
  const { marks, spec } = order
  if (marks.role !== 'install' || spec.install === null) return
  const archive = scriptArchive(spec.install.script)
  await limited('copy the script', callLimits.create, (abortSignal) =>
    container.putArchive(archive, { path: '/', abortSignal }),
  )
}

async function removeStopped(
  { docker, owner }: Maker,
  { marks }: ContainerOrder,
): Promise<ContainerView | null> {
  const name = containerName(marks.serverId, marks.role)
  const earlier = await ownByName(docker, name, owner)
  if (earlier === null) return null
  if (earlier.state !== 'running') {
    await remove(docker, earlier.id)
    return null
  }
  if (isDeepStrictEqual(earlier.marks, marks)) return earlier
  throw new RuntimeError('failed', `${name} runs; it has to end before a new one is made.`)
}

/** Another owner's container is left alone: the engine will say that the name is taken. */
function ownByName(docker: Dockerode, name: string, owner: string): Promise<ContainerView | null> {
  return limited('inspect', callLimits.look, async (abortSignal) => {
    try {
      const found = await docker.getContainer(name).inspect({ abortSignal })
      return found.Config.Labels?.[ownerLabel] === owner ? viewOf(found) : null
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  })
}
