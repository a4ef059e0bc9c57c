import { connect } from 'cloudflare:sockets'
import type { OpenWire, Wire } from './wire.ts'

/** Connections of the platform. It verifies certificates, and refuses port 25 and addresses of its own. */
export const openSocket: OpenWire = ({ host, port }, tls) =>
  wireOf(
    connect(
      { hostname: host, port },
      { secureTransport: tls === 'at_once' ? 'on' : 'starttls', allowHalfOpen: false },
    ),
  )

function wireOf(socket: Socket): Wire {
  const reader: ReadableStreamDefaultReader<Uint8Array> = socket.readable.getReader()
  const writer: WritableStreamDefaultWriter<Uint8Array> = socket.writable.getWriter()
  const encoder = new TextEncoder()
  // What went wrong is told by the read or write that waits; this promise would say it a second time.
  socket.closed.catch(() => undefined)
  socket.opened.catch(() => undefined)
  return {
    read: async () => {
      const { done, value } = await reader.read()
      return done ? null : value
    },
    write: (text) => writer.write(encoder.encode(text)),
    startTls: () => {
      reader.releaseLock()
      writer.releaseLock()
      return wireOf(socket.startTls())
    },
    close: () => {
      socket.close().catch(() => undefined)
    },
  }
}
