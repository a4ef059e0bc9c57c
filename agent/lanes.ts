import type { ServerId } from '../contract/ids.ts'

/**
 * Who works on which server. Commands and reconciling take turns: neither begins while the other is at a
 * server [D1]. What waits is told when a lane becomes free.
 */
export interface Lanes {
  readonly commands: ReadonlySet<ServerId>
  readonly reconciling: ReadonlySet<ServerId>
  take(by: Worker, serverId: ServerId): void
  free(by: Worker, serverId: ServerId): void
  /** Calls the listener when this worker has left a server. */
  onFree(by: Worker, listener: (serverId: ServerId) => void): void
}

type Worker = 'commands' | 'reconciling'

export function createLanes(): Lanes {
  const taken = { commands: new Set<ServerId>(), reconciling: new Set<ServerId>() }
  const listeners: { by: Worker; listener: (serverId: ServerId) => void }[] = []
  return {
    commands: taken.commands,
    reconciling: taken.reconciling,
    take: (by, serverId) => {
      taken[by].add(serverId)
    },
    free: (by, serverId) => {
      if (!taken[by].delete(serverId)) return
      for (const one of listeners) if (one.by === by) one.listener(serverId)
    },
    onFree: (by, listener) => {
      listeners.push({ by, listener })
    },
  }
}
