import Dockerode from 'dockerode'
import type { ServerId } from '../../contract/ids.ts'
import type { Clock } from '../clock.ts'
import { type Log, reasonOf } from '../log.ts'
import type { NodePolicy } from '../policy.ts'
import {
  inspect,
  listContainers,
  remove,
  signalContainer,
  waitForEnd,
} from './docker-containers.ts'
import { createContainer } from './docker-create.ts'
import { watchEvents } from './docker-events.ts'
import { engineFacts } from './docker-facts.ts'
import { followLog } from './docker-logs.ts'
import {
  ensureNetwork,
  hasServerNetworks,
  networkGateway,
  removeNetwork,
} from './docker-network.ts'
import { hasImage, pullImage } from './docker-pull.ts'
import { resizeContainer } from './docker-resize.ts'
import { startContainer } from './docker-start.ts'
import { createResourceMeter } from './docker-stats.ts'
import { createStandardInputs } from './docker-stdin.ts'
import { createEngineStreams, engineAddress } from './engine-streams.ts'
import { createFirewall } from './firewall-apply.ts'
import { openFilesLimit } from './open-files.ts'
import type { RunProgram } from './run-program.ts'
import { type Runtime, RuntimeError } from './runtime.ts'

export interface DockerOptions {
  /** Where the engine listens: a path, unix:// or tcp://; null: its usual place. */
  readonly dockerHost: string | null
  readonly policy: NodePolicy
  /** Marks our containers, so that an agent touches no other's. */
  readonly owner: string
  readonly clock: Clock
  readonly log: Log
  /** Runs the programs that set the firewall; not given: this machine's. */
  readonly runProgram?: RunProgram
}

/** The port over Docker's own API. Making it asks nothing of the engine. */
export function createDockerRuntime(options: DockerOptions): Runtime {
  const { owner, clock, log } = options
  const policy = { ...options.policy, openFiles: openFilesLimit(options.policy.openFiles) }
  const address = engineAddress(options.dockerHost)
  const docker = new Dockerode({ ...address, protocol: 'http' })
  const streams = createEngineStreams(address)
  const firewall = createFirewall(policy, options.runProgram)
  const inputs = createStandardInputs(docker)
  const meter = createResourceMeter(docker, clock)
  const inTurn = oneAtATime()

  const guard = async (): Promise<void> => {
    const warning = await firewall.apply()
    if (warning === null) return
    if (policy.network.requireFirewall) throw new RuntimeError('refused', warning)
    log.warn('the firewall is not set', { warning })
  }
  const networkFor = (serverId: ServerId) =>
    inTurn(async () => {
      await guard()
      await ensureNetwork(docker, serverId, owner, policy)
    })
  /** Whoever loads a firewall of his own, or restarts the engine, may have thrown our rules out. */
  const guardAgain = () =>
    inTurn(async () => {
      if (await hasServerNetworks(docker)) await guard()
    }).catch((error: unknown) => log.warn('the firewall is not set', { reason: reasonOf(error) }))

  return {
    facts: () => engineFacts(docker, firewall),
    list: () => listContainers(docker, owner),
    inspect: (containerId) => inspect(docker, containerId),
    hasImage: (image) => hasImage(docker, image),
    pull: (image, onProgress, signal) => pullImage(docker, image, onProgress, signal),
    create: (order) => {
      const prepare = () => networkFor(order.marks.serverId)
      return createContainer({ docker, policy, owner, prepare }, order)
    },
    gateway: async (serverId) => {
      await networkFor(serverId)
      return networkGateway(docker, serverId)
    },
    start: (containerId) => startContainer(docker, containerId),
    signal: (containerId, signal) => signalContainer(docker, containerId, signal),
    resize: async (containerId, limits) => {
      const used = (await meter.sample(containerId))?.memoryBytes ?? null
      await resizeContainer(docker, containerId, limits, policy, used)
    },
    remove: (containerId) => remove(docker, containerId),
    forget: (serverId) =>
      inTurn(async () => {
        await removeNetwork(docker, serverId)
        if (await hasServerNetworks(docker)) return
        await firewall.remove()
        // Another agent on this engine may have made one meanwhile.
        if (await hasServerNetworks(docker)) await guard()
      }),
    write: (containerId, text) => inputs.write(containerId, text),
    follow: (containerId, since, onLine, signal, pace) =>
      followLog({ docker, streams }, containerId, { since, onLine, signal, pace }),
    wait: (containerId, signal) => waitForEnd(docker, containerId, signal),
    sample: (containerId) => meter.sample(containerId),
    watch: (onEvent, signal) => {
      void guardAgain()
      const onEventHere: typeof onEvent = (event) => {
        if (event.type === 'engine_found') void guardAgain()
        onEvent(event)
      }
      void watchEvents({ docker, streams, owner, onEvent: onEventHere, signal })
    },
  }
}

/** Networks are made one after the other, or two servers would choose the same addresses. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
}
