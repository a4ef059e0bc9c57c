import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import { linkTimers, ping, pong, protocolVersion } from '../../contract/protocol/frames.ts'

/** The other end of an idle agent's link: welcomes it, answers pings, wants nothing, and counts what it says. */
export class QuietObject {
  /** Texts other than pings: each wakes the object. */
  frames = 0
  pings = 0
  private readonly http: Server = createServer()
  private readonly sockets = new WebSocketServer({ server: this.http })

  /** @returns where it listens */
  async open(): Promise<URL> {
    this.sockets.on('connection', (socket) => this.greet(socket))
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve))
    const { port } = this.http.address() as AddressInfo // it listens on TCP, so it is one
    return new URL(`http://127.0.0.1:${port}`)
  }

  close(): void {
    for (const socket of this.sockets.clients) socket.terminate()
    this.http.close()
  }

  private greet(socket: WebSocket): void {
    const say = (frame: object) => socket.send(JSON.stringify(frame))
    socket.on('message', (data) => {
      if (String(data) === ping) {
        this.pings += 1
        socket.send(pong)
        return
      }
      this.frames += 1
      if (!String(data).includes('"hello"')) return
      const desired = desiredDigest([])
      const times = { serverTime: new Date().toISOString(), timers: linkTimers }
      const numbers = { epoch: 1, proto: protocolVersion, incarnation: 0, low: 1 }
      say({ type: 'welcome', ...numbers, ...times, desiredDigest: desired })
      say({ type: 'console_from', epoch: 1, after: {} })
      say({ type: 'watch', epoch: 1, serverIds: [] })
    })
    say({ type: 'challenge', nonce: 'a-nonce-of-the-quiet-object' })
  }
}
