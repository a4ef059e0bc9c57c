import type { ServerId } from '../../../contract/ids.ts'
import type { ConsoleLine } from '../../../contract/protocol/console.ts'
import type { World } from '../world.ts'

/** Servers whose newest line has not reached the object yet [C2]. */
export function consoleLag(world: World): string[] {
  const { database, ledger, machine } = world
  return [...ledger.servers.keys()].flatMap((serverId) => {
    const last = machine.disk.database?.lines.get(serverId)?.at(-1)?.seq ?? 0
    const [row] = database.all(newestKept, [serverId])
    const newest = Number(row?.newest ?? 0)
    return newest < last ? [`C2: ${serverId} has line ${last} and the object ${newest}`] : []
  })
}

const newestKept = 'SELECT max(last_seq) AS newest FROM console WHERE server_id = ?'

/** [C1, C2, D7] Numbers grow, what is missing is said, and no line comes twice. */
export function checkConsole(world: World): void {
  const { ledger } = world
  for (const serverId of ledger.servers.keys()) {
    const kept = linesOf(world, serverId)
    checkNumbers(world, kept)
    checkOnce(world, kept)
  }
}

function linesOf({ database }: World, serverId: ServerId): ConsoleLine[] {
  return database
    .all('SELECT chunk FROM console WHERE server_id = ? ORDER BY last_seq', [serverId])
    .flatMap(({ chunk }) => JSON.parse(String(chunk)) as ConsoleLine[])
}

function checkNumbers({ record }: World, lines: readonly ConsoleLine[]): void {
  let last = 0
  for (const { seq, stream, text } of lines) {
    const missing = seq - last - 1
    const isSaid = stream === 'gap' && Number(text) === missing + 1
    if (missing > 0 && !isSaid)
      record.breaks('C2', `${missing} lines before ${seq} are not said to be lost`)
    if (missing < 0) record.breaks('C2', `line ${seq} comes after ${last}`)
    if (stream === 'gap') record.saw('console.gap')
    last = seq
  }
}

/** Simulated servers say nothing twice, so neither may their console. */
function checkOnce({ record, journalsLost, rows }: World, lines: readonly ConsoleLine[]): void {
  // With the agent's database the place in the container's log is lost; it is read again from its start.
  if (journalsLost > 0 || rows.takenOver) return
  const seen = new Map<string, number>()
  for (const { text, stream } of lines) {
    if (stream !== 'stdout') continue
    const [container = '', number = ''] = text.split(' ')
    const last = seen.get(container) ?? 0
    if (Number(number) <= last)
      record.breaks('D7', `"${text}" comes after line ${last} of its container`)
    seen.set(container, Number(number))
  }
}
