import type { Log } from '../log.ts'

/** Tells open event streams that something changed. It carries no facts: those are read from the database. */
export interface Bell {
  /** Never throws: who is not told looks again by itself. */
  ring(): Promise<void>
  /**
   * @param heard is called at each ring
   * @param lost is called once when no more rings will be heard
   * @returns stops listening
   */
  listen(heard: () => void, lost: () => void): Promise<() => void>
}

/** The platform's answer to an upgrade carries the other end of the socket. */
interface Upgraded {
  readonly webSocket?: (WebSocket & { accept(): void }) | null
}

/** The hub's object as the Worker reaches it. */
export interface HubStub {
  ring(): Promise<void>
  fetch(request: Request): Promise<Upgraded>
}

export interface HubNamespace<Id = unknown> {
  idFromName(name: string): Id
  get(id: Id): HubStub
}

/** A bell that rings through the one `EventHub` object. */
export function createBell(namespace: HubNamespace, log: Log): Bell {
  const hub = () => namespace.get(namespace.idFromName('hub'))
  return {
    ring: async () => {
      try {
        await hub().ring()
      } catch (error) {
        log.error('event_hub_failed', { reason: String(error) })
      }
    },
    listen: async (heard, lost) => {
      const request = new Request('https://hub/', { headers: { upgrade: 'websocket' } })
      const { webSocket: socket } = await hub().fetch(request)
      if (!socket) throw new Error('the event hub opened no socket')
      socket.accept()
      socket.addEventListener('message', heard)
      socket.addEventListener('close', lost)
      socket.addEventListener('error', lost)
      return () => socket.close(1000)
    },
  }
}
