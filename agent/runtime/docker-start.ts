import type Dockerode from 'dockerode'
import type { PortBinding } from '../../contract/protocol/spec.ts'
import { callLimits, limited } from './docker-call.ts'
import { inspect, remove } from './docker-containers.ts'
import { processOnPort } from './port-owner.ts'
import { type ContainerView, RuntimeError } from './runtime.ts'

type HostPort = Pick<PortBinding, 'hostPort' | 'protocol'>

/**
 * Starts a container; one that could not start is removed, since nothing is in it yet.
 * @throws {RuntimeError} `port_in_use` names who has the port, where that can be found out
 */
export async function startContainer(
  docker: Dockerode,
  containerId: string,
): Promise<ContainerView> {
  try {
    await limited('start', callLimits.start, (abortSignal) =>
      docker.getContainer(containerId).start({ abortSignal }),
    )
  } catch (error) {
    if (!(error instanceof RuntimeError) || !wasAnswered(error)) throw error
    const view = await inspect(docker, containerId)
    // The engine answers 304, which its client throws, when it runs already: the end that was
    // wanted.
    if (view?.state === 'running') return view
    const named =
      error.fault === 'port_in_use' ? await nameOwner(docker, containerId, error) : error
    await remove(docker, containerId)
    throw named
  }
  const view = await inspect(docker, containerId)
  if (view === null) throw new RuntimeError('no_such_container', 'The container is gone.')
  return view
}

/**
 * Without an answer nobody knows what became of the start, so the container is left for the next
 * look.
 */
function wasAnswered({ fault }: RuntimeError): boolean {
  return fault !== 'engine_down' && fault !== 'timed_out'
}

async function nameOwner(
  docker: Dockerode,
  containerId: string,
  conflict: RuntimeError,
): Promise<RuntimeError> {
  const port = await conflictingPort(docker, containerId, conflict.message)
  if (port === null) return conflict
  const owner = (await containerOnPort(docker, port)) ?? (await processOnPort(port))
  const by = owner === null ? 'something else on this node' : owner
  const sentence = `Port ${port.hostPort}/${port.protocol} is used by ${by}. `
  return new RuntimeError('port_in_use', sentence + conflict.message, { cause: conflict })
}

/**
 * Engines name the address in many ways, so the ports that were asked for are looked for in their
 * words.
 */
async function conflictingPort(
  docker: Dockerode,
  containerId: string,
  words: string,
): Promise<HostPort | null> {
  const { HostConfig } = await limited('inspect', callLimits.look, (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }),
  )
  const named = requestedPorts(HostConfig.PortBindings).filter(({ hostPort }) =>
    new RegExp(`:${hostPort}\\b`).test(words),
  )
  const isUdp = /\budp/.test(words)
  return named.find(({ protocol }) => (protocol === 'udp') === isUdp) ?? named[0] ?? null
}

type Bindings = Readonly<Record<string, readonly { readonly HostPort: string }[]>>

function requestedPorts(bindings: Bindings | null | undefined): HostPort[] {
  return Object.entries(bindings ?? {}).flatMap(([key, list]) => {
    const protocol = key.endsWith('/udp') ? 'udp' : 'tcp'
    return list.map(({ HostPort }) => ({ hostPort: Number(HostPort), protocol }))
  })
}

async function containerOnPort(docker: Dockerode, port: HostPort): Promise<string | null> {
  const running = await limited('list', callLimits.look, (abortSignal) =>
    docker.listContainers({ abortSignal }),
  )
  const holder = running.find(({ Ports }) =>
    Ports.some(({ PublicPort, Type }) => PublicPort === port.hostPort && Type === port.protocol),
  )
  if (holder === undefined) return null
  return `the container ${holder.Names[0]?.replace(/^\//, '') ?? holder.Id.slice(0, 12)}`
}
