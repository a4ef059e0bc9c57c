import type { OperationId, ServerId } from '../../../contract/ids.ts'
import { observed, operationNo, serverNo } from '../../core/examples.ts'
import { lie } from '../checks/link-watch.ts'
import type { World } from '../world.ts'
import type { Faults } from './fault.ts'

/** The agent says something on its live connection that it has no right to say, or that makes no sense. */
function say(
  { machine, rows }: World,
  frame: object | string,
  epoch = rows.link?.epoch ?? 1,
): void {
  const socket = machine.process?.socket
  if (socket == null || rows.link?.onlineSince == null) return
  socket.send(typeof frame === 'string' ? frame : JSON.stringify({ ...frame, epoch }))
}

function done(id: OperationId, seq: number) {
  return { type: 'done', id, seq, result: { outcome: 'succeeded', code: null, message: lie } }
}

const foreign: ServerId = serverNo(900)

export const lies: Faults = {
  lie_about_unsent: (world) => {
    for (const row of world.rows.rows.values()) {
      if (row.state === 'queued') say(world, done(row.id, row.seq))
    }
  },
  lie_about_ended: (world, random) => {
    const ended = [...world.rows.rows.values()].filter(({ endedAt }) => endedAt !== null)
    const row = random.pick(ended)
    if (row === undefined) return
    const result = { outcome: 'failed', code: 'internal', message: lie }
    say(world, { ...done(row.id, row.seq), result })
  },
  lie_about_foreign: (world) => {
    say(world, done(operationNo(999), 1))
    say(world, { type: 'observed', observed: observed(foreign, 'running') })
    say(world, { type: 'accepted', id: operationNo(999), seq: 999 })
  },
  lie_removed: (world, random) => {
    const id = random.pick([...world.ledger.servers.values()].filter(({ removed }) => !removed))?.id
    if (id !== undefined) say(world, { type: 'observed', observed: observed(id, 'removed') })
  },
  lie_console_again: (world, random) => {
    const logs = [...(world.machine.disk.database?.lines ?? [])]
    const [serverId, lines] = random.pick(logs) ?? []
    if (lines === undefined || lines.length === 0) return
    say(world, { type: 'console', serverId, lines: lines.slice(-3) })
  },
  old_epoch: (world) => {
    const epoch = (world.rows.link?.epoch ?? 0) - 1
    if (epoch < 1) return
    const serverId = [...world.ledger.servers.keys()].at(-1)
    if (serverId !== undefined) {
      say(world, { type: 'observed', observed: observed(serverId, 'crashed') }, epoch)
    }
    for (const row of world.rows.rows.values()) {
      if (row.endedAt === null) say(world, done(row.id, row.seq), epoch)
    }
  },
  nonsense: (world, random) => {
    say(world, random.one(['{', '{"type":"what"}', 'null', '{"type":"done","epoch":"x"}']))
  },
}
