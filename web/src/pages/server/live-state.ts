import type { Server } from '../../../../contract/api/servers.ts'
import type { ResourceSample, ToBrowser } from '../../../../contract/protocol/console.ts'
import type { ObservedServer } from '../../../../contract/protocol/spec.ts'
import type { LinkState } from '../../api/live.ts'

/** What a server's socket has told so far. */
export interface LiveState {
  readonly link: LinkState
  /** Null: not told yet. */
  readonly nodeOnline: boolean | null
  /** When the node's link changed last, as far as this tab has seen. */
  readonly nodeChangedAt: string | null
  readonly observed: ObservedServer | null
  /** The newest last; a minute of them at the pace of a watched server. */
  readonly samples: readonly ResourceSample[]
}

export const nothingYet: LiveState = {
  link: 'connecting',
  nodeOnline: null,
  nodeChangedAt: null,
  observed: null,
  samples: [],
}

const samplesKept = 31

/** Takes a frame in; console lines and operations are kept elsewhere. */
export function withFrame(state: LiveState, frame: ToBrowser): LiveState {
  switch (frame.type) {
    case 'hello':
      return { ...state, nodeOnline: frame.nodeOnline, observed: frame.observed ?? state.observed }
    case 'observed':
      return { ...state, observed: frame.observed }
    case 'node':
      return { ...state, nodeOnline: frame.online, nodeChangedAt: frame.at }
    case 'stats':
      return { ...state, samples: [...state.samples, frame.sample].slice(-samplesKept) }
    case 'console':
    case 'operation':
      return state
  }
}

/** The server with what its node has said since the API answered; the newer word wins. */
export function withLive<S extends Server>(server: S, live: LiveState): S {
  const { observed, nodeChangedAt } = live
  // A socket that is down knows no more than the API does.
  const nodeOnline = live.link === 'live' ? live.nodeOnline : null
  const node: Partial<Server> =
    nodeOnline === null || nodeOnline === isConnected(server)
      ? {}
      : nodeOnline
        ? { nodeStatus: 'online', nodeOfflineSince: null }
        : { nodeStatus: 'offline', nodeOfflineSince: nodeChangedAt ?? server.nodeOfflineSince }
  if (observed === null || !isNewer(observed.at, server.observedAt)) {
    return { ...server, ...node }
  }
  const overruled = server.status === 'suspended' || server.status === 'deleting'
  return {
    ...server,
    ...node,
    state: observed.state,
    status: overruled ? server.status : observed.state,
    observedAt: observed.at,
    startedAt: observed.startedAt,
    lastExit: observed.exit,
    problem: observed.problem,
  }
}

function isNewer(at: string, than: string | null): boolean {
  return than === null || Date.parse(at) > Date.parse(than)
}

function isConnected({ nodeStatus }: Pick<Server, 'nodeStatus'>): boolean {
  return nodeStatus === 'online' || nodeStatus === 'degraded'
}
