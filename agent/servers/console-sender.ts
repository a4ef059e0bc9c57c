import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import type { Clock } from '../clock.ts'
import type { ConsoleSend } from './console-port.ts'
import type { ConsoleStore } from './console-store.ts'

/** Lines of servers that nobody watches are gathered this long. Milliseconds. */
const gatherFor = 1_000

/** When the link took nothing it is asked again after this. */
const retryAfter = 250

const linesAtOnce = 1_000

/** Well under a frame's limit, with room for the frame around it. Bytes of JSON. */
const bytesAtOnce = 160 * 1024

/** Offers lines that are in the log to the link, in order, from where the panel has them [C2]. */
export interface ConsoleSender {
  /** New lines of this server are in the log. */
  wake(serverId: ServerId): void
  resumeFrom(after: ReadonlyMap<ServerId, number>): void
  pause(): void
  watch(serverIds: ReadonlySet<ServerId>): void
  forget(serverId: ServerId): void
}

export function createConsoleSender(
  store: ConsoleStore,
  clock: Clock,
  send: ConsoleSend,
): ConsoleSender {
  /** The last number sent per server; null while there is no link. */
  let sent: Map<ServerId, number> | null = null
  let watched: ReadonlySet<ServerId> = new Set()
  const timers = new Map<ServerId, () => void>()

  const schedule = (serverId: ServerId, ms: number) => {
    timers.get(serverId)?.()
    const cancel = clock.after(ms, () => {
      timers.delete(serverId)
      offer(serverId)
    })
    timers.set(serverId, cancel)
  }

  const offer = (serverId: ServerId) => {
    if (sent === null) return
    const waiting = store.after(serverId, sent.get(serverId) ?? 0, linesAtOnce)
    const lines = fitting(waiting)
    const last = lines.at(-1)
    if (last === undefined) return
    if (!send(serverId, lines)) return schedule(serverId, retryAfter)
    sent.set(serverId, last.seq)
    // The rest has a turn of its own: a long log must not hold up the others.
    if (lines.length < waiting.length || waiting.length === linesAtOnce) schedule(serverId, 0)
  }

  const cancelAll = () => {
    for (const cancel of timers.values()) cancel()
    timers.clear()
  }

  return {
    wake: (serverId) => {
      if (sent === null) return
      if (watched.has(serverId)) schedule(serverId, 0)
      else if (!timers.has(serverId)) schedule(serverId, gatherFor)
    },
    resumeFrom: (after) => {
      sent = new Map(after)
      for (const serverId of after.keys()) schedule(serverId, 0)
    },
    pause: () => {
      sent = null
      cancelAll()
    },
    watch: (serverIds) => {
      const added = [...serverIds].filter((serverId) => !watched.has(serverId))
      watched = serverIds
      if (sent !== null) for (const serverId of added) schedule(serverId, 0)
    },
    forget: (serverId) => {
      timers.get(serverId)?.()
      timers.delete(serverId)
      sent?.delete(serverId)
    },
  }
}

/** As many of the lines as one frame holds; a single line always fits. */
function fitting(lines: readonly ConsoleLine[]): ConsoleLine[] {
  let bytes = 0
  const end = lines.findIndex((line) => {
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1
    return bytes > bytesAtOnce
  })
  return lines.slice(0, end < 0 ? lines.length : Math.max(1, end))
}
