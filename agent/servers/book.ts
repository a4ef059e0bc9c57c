import type { ServerId } from '../../contract/ids.ts'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import type { DesiredServer, ObservedServer } from '../../contract/protocol/spec.ts'
import { nextStates } from '../../contract/rules/server-states.ts'
import { type Clock, isoTime } from '../clock.ts'
import type { Log } from '../log.ts'
import type { ContainerView } from '../runtime/runtime.ts'
import type { DesiredStore, KeptDesired } from '../storage/desired-store.ts'
import type { ServerStore } from '../storage/server-store.ts'
import { newMemory, type ServerMemory } from './server-memory.ts'

/** A change of what is remembered; the fields of `observed` that are not named stay as they are. */
export type MemoryChange = Partial<Omit<ServerMemory, 'observed' | 'uid'>> & {
  readonly observed?: Partial<Omit<ObservedServer, 'serverId' | 'at'>>
}

export interface BookDeps {
  readonly desired: DesiredStore
  readonly servers: ServerStore
  readonly clock: Clock
  readonly log: Log
  /** Whether the server's files say that it was installed, for one that nothing is remembered of. */
  readonly looksInstalled: (serverId: ServerId) => boolean
  /** Tells the panel; `false`: no link, and all is told after the next welcome. */
  readonly report: (observed: ObservedServer) => boolean
}

/**
 * What is wanted, remembered and seen of each server. Everything but the containers is on disk before
 * anybody is told.
 */
export interface Book {
  serverIds(): ServerId[]
  desired(serverId: ServerId): DesiredServer | null
  memory(serverId: ServerId): ServerMemory
  /** Takes a desired state in; `false`: it is not newer than the one that is kept [D1]. */
  want(server: DesiredServer): boolean
  /** Writes the change down, then reports what is observed if that changed. */
  remember(serverId: ServerId, change: MemoryChange): void
  /** Every server's last observed state. */
  observedStates(): ObservedServer[]
  digest(): string
  /** After a full list: what it did not name is unknown to the panel; removed ones are forgotten. */
  closeList(named: ReadonlySet<ServerId>): void
  containers(serverId: ServerId): readonly ContainerView[]
  /** Replaces what is known of containers by what the engine lists, but for servers at work meanwhile. */
  seeAll(containers: readonly ContainerView[], atWork: ReadonlySet<ServerId>): void
  /** Takes in how one container looks now; one of the same role that does not run is replaced. */
  see(container: ContainerView): void
  unsee(containerId: string): void
}

export function createBook(deps: BookDeps): Book {
  const { clock, log } = deps
  const desired = new Map<ServerId, KeptDesired>()
  for (const kept of deps.desired.load()) desired.set(kept.server.serverId, kept)
  const memories = deps.servers.load()
  let containers: readonly ContainerView[] = []

  const memory = (serverId: ServerId): ServerMemory => {
    const known = memories.get(serverId)
    if (known !== undefined) return known
    const made = newMemory(serverId, {
      uid: deps.servers.uidOf(serverId),
      installed: deps.looksInstalled(serverId) || hasRun(serverId),
      at: isoTime(clock.now()),
    })
    memories.set(serverId, made)
    return made
  }

  const hasRun = (serverId: ServerId) =>
    containers.some(({ marks }) => marks.serverId === serverId && marks.role === 'server')

  return {
    serverIds: () => [...new Set([...desired.keys(), ...memories.keys()])],
    desired: (serverId) => desired.get(serverId)?.server ?? null,
    memory,
    want: (server) => {
      const kept = desired.get(server.serverId)
      if (kept?.known === true && !isNewer(server, kept.server)) return false
      const newest = kept === undefined || isNewer(server, kept.server) ? server : kept.server
      deps.desired.save({ server: newest, known: true })
      desired.set(server.serverId, { server: newest, known: true })
      return newest === server
    },
    remember: (serverId, change) => {
      const before = memory(serverId)
      const { state } = change.observed ?? {}
      if (state !== undefined && !isAllowed(before.observed.state, state)) {
        log.error('a state follows another that it should not', {
          serverId,
          from: before.observed.state,
          to: state,
        })
      }
      const observed = { ...before.observed, ...change.observed, at: isoTime(clock.now()) }
      const after = { ...before, ...change, observed }
      deps.servers.save(serverId, after)
      memories.set(serverId, after)
      if (change.observed !== undefined) deps.report(observed)
    },
    observedStates: () =>
      [...new Set([...desired.keys(), ...memories.keys()])].map(
        (serverId) => memory(serverId).observed,
      ),
    digest: () =>
      desiredDigest([...desired.values()].flatMap((kept) => (kept.known ? [kept.server] : []))),
    closeList: (named) => {
      for (const [serverId, { server, known }] of desired) {
        if (named.has(serverId)) continue
        if (server.removed && memory(serverId).observed.state === 'removed') {
          deps.desired.drop(serverId)
          deps.servers.drop(serverId)
          desired.delete(serverId)
          memories.delete(serverId)
        } else if (known) {
          log.warn('the panel does not know a server of this node; it is left as it is', {
            serverId,
          })
          deps.desired.save({ server, known: false })
          desired.set(serverId, { server, known: false })
        }
      }
    },
    containers: (serverId) => containers.filter(({ marks }) => marks.serverId === serverId),
    seeAll: (listed, atWork) => {
      const isAtWork = ({ marks }: ContainerView) => atWork.has(marks.serverId)
      containers = [
        ...containers.filter(isAtWork),
        ...listed.filter((container) => !isAtWork(container)),
      ]
    },
    see: (container) => {
      containers = [...containers.filter((other) => !gives(other, container)), container]
    },
    unsee: (containerId) => {
      containers = containers.filter(({ id }) => id !== containerId)
    },
  }
}

/** Order is (incarnation, generation) [D1]. */
function isNewer(one: DesiredServer, other: DesiredServer): boolean {
  if (one.incarnation !== other.incarnation) return one.incarnation > other.incarnation
  return one.generation > other.generation
}

function isAllowed(from: ObservedServer['state'], to: ObservedServer['state']): boolean {
  return from === to || nextStates[from].includes(to)
}

/** Whether one view gives way to another: the same container, or one that it took the place of. */
function gives(old: ContainerView, fresh: ContainerView): boolean {
  if (old.id === fresh.id) return true
  const sameSeat =
    old.marks.serverId === fresh.marks.serverId && old.marks.role === fresh.marks.role
  return sameSeat && old.state !== 'running' && fresh.state !== 'exited'
}
