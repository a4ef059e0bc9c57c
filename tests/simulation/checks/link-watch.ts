import type { Evidence } from '../evidence.ts'
import type { ObjectMachine } from '../platform/object-machine.ts'
import type { ObjectSocket } from '../platform/wire.ts'
import type { RowWatch } from './row-watch.ts'

/** What results that the agent made up say of themselves. */
export const lie = 'a lie'

/** Looks at each frame that reaches the object: one of another epoch changes nothing and costs its socket [I4]. */
export function watchFrames(object: ObjectMachine, rows: RowWatch, record: Evidence): void {
  const before = new Map<ObjectSocket, number>()
  const looked = (socket: ObjectSocket, text: string) => {
    const epoch = epochOf(text)
    if (epoch === null) return
    const current = rows.link?.onlineSince === null ? 0 : (rows.link?.epoch ?? 0)
    const at = phaseOf(socket)
    if (at.phase === 'live' && (epoch !== current || at.epoch !== current)) {
      before.set(socket, rows.writes)
    } else if (text.startsWith('{"type":"done"')) noteResult(text, rows, record)
  }
  const lookedAgain = (socket: ObjectSocket, text: string) => {
    const writes = before.get(socket)
    if (writes === undefined) return
    before.delete(socket)
    record.saw('frame.of_another_epoch')
    if (rows.writes !== writes) record.breaks('I4', `an old frame changed something: ${text}`)
    if (socket.readyState < 2) record.breaks('N4', 'an old frame did not cost its socket')
  }
  object.onMessage = (socket, text, isAfter) =>
    isAfter ? lookedAgain(socket, text) : looked(socket, text)
}

function noteResult(text: string, rows: RowWatch, record: Evidence): void {
  const [, id] = /"id":"([^"]+)"/.exec(text) ?? []
  const row = [...rows.rows.values()].find((one) => one.id === id)
  if (row === undefined) return
  if (row.endedAt !== null) record.saw('frame.duplicate_result')
  // By now it was sent, so that the lie is about a command of the agent's own: nobody can see through it.
  if (row.state !== 'queued' && text.includes(lie)) rows.lied.add(row.id)
}

/** Agents put the epoch last; null: a hello, or nothing that makes sense. */
function epochOf(text: string): number | null {
  const [, epoch] = /"epoch":(\d+)\}$/.exec(text) ?? []
  return epoch === undefined ? null : Number(epoch)
}

/** What the object has noted on a socket. */
export function phaseOf(socket: ObjectSocket): {
  readonly phase?: string
  readonly epoch?: number
} {
  return (socket.deserializeAttachment() ?? {}) as ReturnType<typeof phaseOf> // Written by `setPhase`.
}
