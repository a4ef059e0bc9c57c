import { DurableObject } from 'cloudflare:workers'

/**
 * Tells open event streams that something changed, over sockets that hibernate. It keeps nothing: what
 * changed is in libSQL, and a stream that hears of it reads it there.
 */
export class EventHub extends DurableObject {
  override fetch(): Response {
    const { 0: theirs, 1: ours } = new WebSocketPair()
    this.ctx.acceptWebSocket(ours)
    return new Response(null, { status: 101, webSocket: theirs })
  }

  async ring(): Promise<void> {
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send('')
      } catch {
        // It is closing; its stream looks again by itself.
      }
    }
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close(1000)
  }
}
