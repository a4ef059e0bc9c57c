import { WebSocket } from 'ws'
import { maxFrameBytes } from '../contract/protocol/frames.ts'
import { objectHeaders } from '../contract/rpc.ts'
import type { Identity } from './identity.ts'
import { type LinkEvent, uncleanEnd } from './link.ts'
import { reasonOf } from './log.ts'

/** What the link asks of a socket; one of `ws` is one. */
export interface LinkSocket {
  readonly readyState: number
  /** Bytes that were not sent yet. */
  readonly bufferedAmount: number
  send(text: string): void
  close(code: number, reason: string): void
  /** Ends it at once, without a closing handshake. */
  terminate(): void
  once(event: 'close', listener: () => void): unknown
}

/** Told which socket speaks, since one that was given up may still do so. */
export interface SocketHandlers {
  event(from: LinkSocket, event: LinkEvent): void
  text(from: LinkSocket, text: string): void
}

/** Dials the panel once; what becomes of it is told to the handlers. */
export type Dial = (handlers: SocketHandlers) => LinkSocket

/** Dials the panel. TLS is verified as Node verifies it; frames larger than the protocol's are refused. */
export function openSocket(
  panel: string,
  identity: Identity,
  handlers: SocketHandlers,
): LinkSocket {
  const url = new URL('/api/agent/connect', panel)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url, {
    headers: { [objectHeaders.node]: identity.nodeId ?? '' },
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
  })
  let failure = ''
  socket.on('open', () => handlers.event(socket, { type: 'opened' }))
  socket.on('message', (data, isBinary) => {
    // A binary frame is nothing that is spoken here, and is refused like any other nonsense.
    handlers.text(socket, isBinary ? '' : data.toString())
  })
  socket.on('error', (error) => {
    failure = reasonOf(error)
  })
  socket.on('unexpected-response', (_request, response) => {
    const status = response.statusCode ?? uncleanEnd
    handlers.event(socket, { type: 'closed', code: status, reason: `the panel answered ${status}` })
    socket.terminate()
  })
  socket.on('close', (code, reason) => {
    handlers.event(socket, { type: 'closed', code, reason: reason.toString() || failure })
  })
  return socket
}
