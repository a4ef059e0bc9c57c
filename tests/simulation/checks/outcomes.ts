import type { OperationId } from '../../../contract/ids.ts'
import type { CommandRow } from '../../../durable-objects/commands/row.ts'
import type { World } from '../world.ts'
import { untold } from './settled.ts'

type Kept = Omit<CommandRow, 'log'>
type Break = (rule: string, what: string) => void

/** Everything that must hold of a world at rest, one function per rule. */
export function checkOutcomes(world: World): void {
  const breaks: Break = (rule, what) => world.record.breaks(rule, what)
  checkAccepted(world, breaks)
  for (const row of world.rows.rows.values()) {
    world.record.saw(`outcome.${row.state}`)
    if (row.result?.code != null) world.record.saw(`code.${row.result.code}`)
    checkEffects(world, row, breaks)
  }
  for (const what of untold(world)) breaks('I11', what)
  checkNumbers(world, breaks)
  checkJournal(world, breaks)
  checkWakes(world, breaks)
  checkExits(world, breaks)
  checkForeign(world, breaks)
}

/** [I2, Q1] Whatever was confirmed to somebody is there, with its number. */
function checkAccepted({ deliveries, rows }: World, breaks: Break): void {
  for (const [id, { seq }] of deliveries.accepted) {
    if (rows.rows.get(id)?.seq !== seq)
      breaks('I2', `${id} was confirmed as ${seq} and is not there`)
  }
}

/** [I1, I5] How often it happened fits what is said of it. */
function checkEffects(world: World, row: Kept, breaks: Break): void {
  const { journal, machine, tracesLost, rows } = world
  if (rows.takenOver || rows.lied.has(row.id)) return
  const { id, state, command } = row
  const starts = journal.starts.get(id) ?? 0
  const { written, installed } = machine.engine.deedsOf(id)
  const neverRuns =
    state === 'expired' || (state === 'cancelled' && command.type !== 'server.install')
  if (neverRuns && starts > 0) breaks('I5', `${id} is ${state} and was started`)
  if (command.type === 'console.input') {
    const isTraced = command.line.startsWith('do ')
    if (written > 1) breaks('I1', `${id} happened ${written} times`)
    if (isTraced && state === 'succeeded' && written !== 1) {
      breaks('I5', `${id} succeeded and happened ${written} times`)
    }
    if (state === 'failed' && row.result?.code === 'wrong_state' && written > 0) {
      breaks('I5', `${id} failed before it began and happened`)
    }
    return
  }
  // Its traces are a container and a note in the database: without them it may be done once more.
  if (installed > 1 + tracesLost) breaks('I1', `${id} was installed ${installed} times`)
  if (state === 'succeeded' && starts === 0) breaks('I5', `${id} succeeded and was never started`)
}

/** [Q2] Numbers are dense per node. */
function checkNumbers({ rows }: World, breaks: Break): void {
  const seqs = [...rows.rows.values()].map(({ seq }) => seq).sort((one, other) => one - other)
  if (seqs.some((seq, at) => seq !== at + 1))
    breaks('Q2', `numbers are not dense: ${seqs.join(' ')}`)
}

/** [Q5, I6] At rest the journal holds nothing that the object is done with. */
function checkJournal({ machine, rows, record }: World, breaks: Break): void {
  // What a full disk could not let go of goes with the next start.
  if (record.seen.has('fault.disk_full')) return
  const open = [...rows.rows.values()].filter(({ endedAt }) => endedAt === null)
  const left = machine.disk.database?.journal.size ?? 0
  if (open.length === 0 && left > rows.lied.size)
    breaks('I6', `the journal keeps ${left} rows for ever`)
}

/** Something looks at the link, for ever. */
function checkWakes({ database, object }: World, breaks: Break): void {
  const names = database.all('SELECT name FROM wakes', []).map(({ name }) => String(name))
  if (!names.includes('liveness')) breaks('N6', 'nothing looks at the link any more')
  if (object.storage.alarm === null) breaks('S6', 'no alarm is set')
}

/** [D4] Each exit that the agent counted last is kept, once. */
function checkExits(world: World, breaks: Break): void {
  const { database, journal, journalsLost, ledger, record, rows } = world
  const kept = database.all('SELECT server_id, start_no, exit FROM exits', [])
  record.saw('exit.counted', kept.length)
  for (const { server_id: id, start_no: startNo, exit } of kept) {
    const isAsked = journal.stopped.has(`${id} ${startNo}`)
    if (isAsked) record.saw('exit.asked_for')
    // That it was asked for stands in the agent's database.
    if (!isAsked || journalsLost > 0 || rows.takenOver) continue
    if (!String(exit).includes('"expected":true'))
      breaks('D4', `exit ${startNo} of ${id} was asked for`)
  }
  for (const { id, observed } of ledger.servers.values()) {
    if (observed === null || observed.exit === null) continue
    const { startNo } = observed.exit
    const found = kept.some((exit) => exit.server_id === id && exit.start_no === startNo)
    if (!found) breaks('D4', `exit ${startNo} of ${id} is not kept`)
  }
}

/** [I12] Nothing of what an agent says of others' rows is kept. */
function checkForeign({ database, ledger, rows }: World, breaks: Break): void {
  for (const { server_id: id } of database.all('SELECT server_id FROM observed', [])) {
    const isOwn = [...ledger.servers.keys()].some((own) => own === id)
    if (!isOwn) breaks('I12', `server ${id} is observed and is not this node's`)
  }
  const known = new Set<OperationId>(ledger.operations.keys())
  for (const id of rows.rows.keys()) if (!known.has(id)) breaks('I12', `${id} came from nowhere`)
}
