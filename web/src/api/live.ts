import type { ServerId } from '../../../contract/ids.ts'
import { type FromBrowser, ToBrowser } from '../../../contract/protocol/console.ts'
import { CloseCode, ping, pong } from '../../../contract/protocol/frames.ts'

export type LinkState = 'connecting' | 'live' | 'waiting'

interface LiveHandlers {
  readonly onFrame: (frame: ToBrowser) => void
  readonly onLink: (state: LinkState) => void
  /** The newest console line that is here; the object goes on after it. 0: none. */
  readonly lastSeq: () => number
}

const pingEveryMs = 15_000
const pongWithinMs = 10_000
const waitAtMostMs = 30_000
/** A socket that stayed open this long was a good one: the waits start over. */
const goodAfterMs = 20_000

/**
 * Keeps a server's socket open: it resumes by line number after every cut, waits longer after each
 * failure, and rests while the tab is hidden.
 * @returns ends it for good
 */
export function openServerSocket(serverId: ServerId, handlers: LiveHandlers): () => void {
  let socket: WebSocket | null = null
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const connect = () => {
    clearTimeout(retry)
    if (ended || socket !== null || document.hidden) return
    handlers.onLink('connecting')
    socket = openOnce(serverId, handlers, ({ livedMs, code }) => {
      socket = null
      if (ended) return
      failures = livedMs > goodAfterMs ? 0 : failures + 1
      handlers.onLink('waiting')
      // Too many tabs on one server: coming back at once would throw the next one out, and so on.
      if (code === CloseCode.replaced) return
      retry = setTimeout(connect, retryWait(failures, Math.random()))
    })
  }
  const now = () => {
    if (document.hidden) return
    failures = 0
    connect()
  }
  document.addEventListener('visibilitychange', now)
  window.addEventListener('online', now)
  connect()
  return () => {
    ended = true
    clearTimeout(retry)
    document.removeEventListener('visibilitychange', now)
    window.removeEventListener('online', now)
    socket?.close()
  }
}

/** Milliseconds before the next try: random, so that a thousand tabs do not come back at once. */
export function retryWait(failures: number, random: number): number {
  return 250 + random * Math.min(waitAtMostMs, 500 * 2 ** Math.min(failures, 10))
}

function openOnce(
  serverId: ServerId,
  { onFrame, onLink, lastSeq }: LiveHandlers,
  onEnd: (end: { readonly livedMs: number; readonly code: number | null }) => void,
): WebSocket {
  const url = new URL(`/api/servers/${serverId}/socket`, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  let openedAt = 0
  let silence: ReturnType<typeof setTimeout> | undefined
  const beat = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(ping)
    silence ??= setTimeout(() => finish(null), pongWithinMs)
  }, pingEveryMs)
  // A dead connection may never report its close, so ending does not wait for it.
  const finish = (code: number | null) => {
    clearInterval(beat)
    clearTimeout(silence)
    socket.onclose = null
    socket.onmessage = null
    socket.close()
    onEnd({ livedMs: openedAt === 0 ? 0 : Date.now() - openedAt, code })
  }
  socket.onopen = () => {
    openedAt = Date.now()
  }
  socket.onclose = ({ code }) => finish(code)
  socket.onmessage = ({ data }) => {
    clearTimeout(silence)
    silence = undefined
    const frame = data === pong ? null : readFrame(data)
    if (frame === null) return
    onFrame(frame)
    if (frame.type !== 'hello') return
    onLink('live')
    socket.send(JSON.stringify({ type: 'resume', afterSeq: lastSeq() } satisfies FromBrowser))
  }
  return socket
}

/** Null for what a newer panel may say and this one does not know. */
function readFrame(data: unknown): ToBrowser | null {
  if (typeof data !== 'string') return null
  try {
    return ToBrowser.safeParse(JSON.parse(data)).data ?? null
  } catch {
    return null // not JSON
  }
}
