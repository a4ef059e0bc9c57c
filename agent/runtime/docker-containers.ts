import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import { ownerLabel } from './container-marks.ts'
import { callLimits, limited } from './docker-call.ts'
import { isBeingRemoved, isGone, isNotRunning, toRuntimeError } from './docker-errors.ts'
import { viewOf } from './docker-view.ts'
import { type ContainerExit, type ContainerView, RuntimeError } from './runtime.ts'

/** Looks at one container; null when there is none, or it is not ours. */
export function inspect(docker: Dockerode, containerId: string): Promise<ContainerView | null> {
  return limited('inspect', callLimits.look, async (abortSignal) => {
    try {
      return viewOf(await docker.getContainer(containerId).inspect({ abortSignal }))
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  })
}

/** Every container of this owner. */
export async function listContainers(docker: Dockerode, owner: string): Promise<ContainerView[]> {
  const filters = { label: [`${ownerLabel}=${owner}`] }
  const found = await limited('list', callLimits.look, (abortSignal) =>
    docker.listContainers({ all: true, filters, abortSignal }),
  )
  const views = await Promise.all(found.map(({ Id }) => inspect(docker, Id)))
  return views.filter((view) => view !== null)
}

/** Sends a signal, or with `STOPSIGNAL` the image's own; a process that has ended is no error. */
export function signalContainer(
  docker: Dockerode,
  containerId: string,
  signal: string,
): Promise<void> {
  return limited('signal', callLimits.look, async (abortSignal) => {
    const container = docker.getContainer(containerId)
    try {
      const name = signal === 'STOPSIGNAL' ? await ownSignal(container, abortSignal) : signal
      await container.kill({ signal: name, abortSignal })
    } catch (error) {
      if (!isGone(error) && !isNotRunning(error)) throw error
    }
  })
}

/** Containers take the signal over from their image, where it names one. */
async function ownSignal(container: Dockerode.Container, abortSignal: AbortSignal) {
  const { Config } = Named.parse(await container.inspect({ abortSignal }))
  return String(Config.StopSignal || 'SIGTERM')
}

/** Engines name it, or give its number. */
const Named = z.object({
  Config: z.object({ StopSignal: z.union([z.string(), z.number()]).optional() }),
})

/** Removes a container, ending it first if it runs; resolves when it is gone. */
export function remove(docker: Dockerode, containerId: string): Promise<void> {
  return limited('remove', callLimits.remove, async (abortSignal) => {
    const container = docker.getContainer(containerId)
    try {
      await container.remove({ force: true, v: true, abortSignal })
    } catch (error) {
      if (isGone(error)) return
      if (!isBeingRemoved(error)) throw error
      // An earlier call is at it; its name is free only when it is done.
      while (!abortSignal.aborted && (await inspect(docker, containerId)) !== null) await delay(50)
    }
  })
}

/** Resolves when the container has ended. Not limited in time: a game may run for months. */
export async function waitForEnd(
  docker: Dockerode,
  containerId: string,
  signal: AbortSignal,
): Promise<ContainerExit> {
  signal.throwIfAborted()
  // A container that has not started yet has not ended either; the engine's default says it has.
  const condition =
    (await inspect(docker, containerId))?.state === 'created' ? 'next-exit' : 'not-running'
  try {
    await docker.getContainer(containerId).wait({ condition, abortSignal: signal })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!isGone(error)) throw toRuntimeError(error)
  }
  const view = await inspect(docker, containerId)
  if (view?.exit) return view.exit
  throw new RuntimeError('no_such_container', 'The container is gone, and its exit code with it.')
}
