import { WebSocket } from 'ws'
import type { ServerId } from '../../contract/ids.ts'
import { ToBrowser } from '../../contract/protocol/console.ts'
import type { Stack } from '../support/stack.ts'

/** A browser with the console of one server open. */
export interface ConsoleWatcher {
  readonly serverId: ServerId
  /** Number of the last line that came; 0: none. */
  newest(): number
  /** Lines that came out of order, or in whose place a gap was told. */
  faults(): number
  close(): void
}

/** Opens the socket; resolves when it has asked for the lines. */
export async function watchConsole(stack: Stack, serverId: ServerId): Promise<ConsoleWatcher> {
  const url = new URL(`/api/servers/${serverId}/socket`, stack.url)
  url.protocol = 'ws:'
  const headers = { authorization: `Bearer ${stack.token}`, origin: stack.url.origin }
  const socket = new WebSocket(url, { headers })
  let newest = 0
  let faults = 0
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data) => {
      const frame = ToBrowser.parse(JSON.parse(String(data)))
      if (frame.type === 'hello') {
        socket.send(JSON.stringify({ type: 'resume', afterSeq: 0 }))
        resolve()
      }
      if (frame.type !== 'console') return
      for (const { seq, stream } of frame.lines) {
        if (seq !== newest + 1 || stream === 'gap') faults += 1
        newest = seq
      }
    })
  })
  return {
    serverId,
    newest: () => newest,
    faults: () => faults,
    close: () => socket.close(),
  }
}
