import { assertNever } from '../contract/assert-never.ts'
import type { ServerId } from '../contract/ids.ts'
import type { ConsoleLine } from '../contract/protocol/console.ts'
import type { ConnectionListener, Incoming, Outgoing, Welcome } from './connection.ts'
import type { Dispatch } from './dispatch.ts'
import { type Log, reasonOf } from './log.ts'
import type { Book } from './servers/book.ts'
import type { Console } from './servers/console-port.ts'
import type { Fleet } from './servers/fleet.ts'
import type { Resources } from './servers/resources.ts'

export interface SessionDeps {
  readonly book: Book
  readonly fleet: Fleet
  readonly dispatch: Dispatch
  readonly console: Console
  readonly resources: Resources
  readonly now: () => number
  readonly log: Log
  readonly send: (frame: Outgoing) => boolean
}

/** Bytes of lines in one reply; the rest of the frame is small. */
const mostReplyBytes = 200_000
/** A difference between the clocks that is worth a word. Milliseconds. */
const skewWorthAWord = 30_000

/** Hands what arrives on the link to those who do it, and tells after a welcome where things stand. */
export function createSession(deps: SessionDeps): ConnectionListener {
  const { book, fleet, dispatch, console, resources, log, send } = deps
  /** What was named since the welcome: the whole list, once `desired_end` closes it. */
  let named = new Set<ServerId>()

  const welcome = ({ low, serverTime }: Welcome) => {
    named = new Set()
    const skewMs = Math.abs(Date.parse(serverTime) - deps.now())
    if (skewMs > skewWorthAWord) log.warn('the clock differs from the panel’s', { skewMs })
    dispatch.welcomed(low)
    fleet.hold()
    for (const observed of book.observedStates()) send({ type: 'observed', observed })
    send({ type: 'observed_end' })
    resources.resume()
  }

  const listEnds = (digest: string) => {
    book.closeList(named)
    if (book.digest() !== digest)
      log.error('desired states differ from the panel’s after a full list')
  }

  const answer = ({ callId, call }: Extract<Incoming, { type: 'call' }>) => {
    try {
      const lines = console.history(call.serverId, call.beforeSeq, call.limit)
      send({ type: 'reply', callId, reply: { ok: true, lines: newestWithin(lines) } })
    } catch (error) {
      const message = reasonOf(error).slice(0, 500)
      send({ type: 'reply', callId, reply: { ok: false, message } })
    }
  }

  const receive = (frame: Incoming): boolean => {
    switch (frame.type) {
      case 'command':
      case 'cancel':
      case 'low':
        return dispatch.receive(frame)
      case 'desired':
        named.add(frame.server.serverId)
        fleet.want(frame.server)
        break
      case 'desired_end':
        listEnds(frame.digest)
        break
      case 'welcome_end':
        fleet.release()
        break
      case 'console_from':
        console.resumeFrom(frame.after)
        break
      case 'watch': {
        const watched = new Set(frame.serverIds)
        console.watch(watched)
        resources.watch(watched)
        break
      }
      case 'call':
        answer(frame)
        break
      case 'slow_down':
        resources.slowDown()
        break
      default:
        return assertNever(frame)
    }
    return true
  }

  return {
    up: welcome,
    outdated: dispatch.outdated,
    down: () => {
      dispatch.down()
      fleet.release()
      console.pause()
      resources.pause()
    },
    frame: (frame) => {
      try {
        return receive(frame)
      } catch (error) {
        // One frame that cannot be dealt with (a full disk) must not end all servers' agent.
        log.error('a frame could not be dealt with', { type: frame.type, reason: reasonOf(error) })
        return false
      }
    },
    unsupported: dispatch.unsupported,
  }
}

/** As many of the newest lines as one frame holds, oldest first. */
function newestWithin(lines: readonly ConsoleLine[]): ConsoleLine[] {
  let left = mostReplyBytes
  let from = lines.length
  while (from > 0) {
    left -= Buffer.byteLength(JSON.stringify(lines[from - 1]))
    if (left < 0) break
    from -= 1
  }
  return lines.slice(from)
}
