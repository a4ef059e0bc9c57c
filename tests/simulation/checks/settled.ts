import { isOpen } from '../../../contract/api/operations.ts'
import { desiredDigest } from '../../../contract/protocol/digest.ts'
import { operationStateOf } from '../../../durable-objects/commands/row.ts'
import type { World } from '../world.ts'
import { consoleLag } from './console.ts'

/**
 * Why the world is not at rest yet [I2, I9, I11]: work that has not ended, or two parts that say different
 * things. Empty some time after the last fault, or something is stuck.
 */
export function unsettled(world: World): string[] {
  const open = openWork(world)
  return open.length > 0 ? open : [...disagreement(world), ...unlike(world), ...consoleLag(world)]
}

function openWork({ ledger, rows, machine, object, database }: World): string[] {
  const reasons: string[] = []
  for (const { id, state, waits, command } of ledger.operations.values()) {
    if (isOpen(state)) reasons.push(`I2: ${waits ?? command?.type} ${id} is ${state} in the ledger`)
  }
  for (const { id, endedAt, state } of rows.rows.values()) {
    if (endedAt === null) reasons.push(`I2: ${id} is ${state} at the object`)
  }
  const waits = database.all('SELECT id FROM waits WHERE ended_at IS NULL', [])
  for (const { id } of waits) reasons.push(`I2: ${id} still waits at the object`)
  const journal = machine.disk.database?.journal ?? new Map()
  for (const { id, phase } of journal.values()) {
    if (phase !== 'settled') reasons.push(`I2: ${id} is ${phase} in the journal`)
  }
  const outbox = count(database, 'outbox')
  if (outbox > 0) reasons.push(`I11: ${outbox} events wait in the outbox`)
  for (const { name } of database.all('SELECT name FROM wakes', [])) {
    const isIdle = ['liveness', 'prune', 'alert'].includes(String(name))
    if (!isIdle) reasons.push(`I6: a node at rest is woken for ${name}`)
  }
  if (object.storage.isDirty) reasons.push('I9: something is not on disk yet')
  return reasons
}

/** Who holds the link, and what each side knows of desired states. */
function disagreement({ ledger, rows, machine, database }: World): string[] {
  const reasons: string[] = []
  const isOnline = rows.link?.onlineSince != null
  if (!isOnline || !ledger.isOnline) return ['N6: the node is not online']
  const wire = [...machine.wires].at(-1)
  if (wire === undefined || wire.upCut || wire.downCut) reasons.push('N6: the link is half open')
  const wanted = [...ledger.servers.values()]
  const ledgerDigest = desiredDigest(
    wanted.map(({ id, generation }) => ({
      serverId: id,
      incarnation: ledger.incarnation,
      generation,
    })),
  )
  const objectDigest = desiredDigest(
    database.all('SELECT server FROM desired', []).map(({ server }) => JSON.parse(String(server))),
  )
  if (objectDigest !== ledgerDigest) reasons.push('I9: object and ledger want different things')
  for (const { id, generation, removed } of wanted) {
    const kept = machine.disk.database?.desired.get(id)
    if (kept?.server.generation !== generation) {
      reasons.push(
        `I9: the agent has generation ${kept?.server.generation} of ${id}, not ${generation}`,
      )
    }
    if (removed) reasons.push(`I9: server ${id} is not gone yet`)
  }
  return reasons
}

/** What is there against what is wanted. */
function unlike({ ledger, machine, rows }: World): string[] {
  const reasons: string[] = []
  for (const server of ledger.servers.values()) {
    const { id, observed, wanted, suspended, startNo, generation } = server
    const running = machine.engine.running(id).length
    const isUp = observed !== null && ['starting', 'running', 'stopping'].includes(observed.state)
    if (observed === null || observed.generation !== generation) {
      reasons.push(`I9: generation ${generation} of ${id} is not observed`)
    } else if (isUp !== running > 0) {
      reasons.push(`I9: ${id} is ${observed.state} in the ledger and ${running} containers run`)
    } else if ((wanted === 'stopped' || suspended) && running > 0) {
      reasons.push(`I9: ${id} runs and should not`)
    } else if (observed.state === 'starting' || observed.state === 'stopping') {
      reasons.push(`I9: ${id} is ${observed.state} for ever`)
    } else if (wanted === 'running' && !suspended && running === 0) {
      const wasTried =
        observed.startNo >= startNo ||
        (observed.problem !== null && observed.problem.startNo >= startNo)
      if (!wasTried) reasons.push(`I9: start ${startNo} of ${id} was never tried`)
    }
  }
  for (const { view } of machine.engine.containers.values()) {
    // What another machine has removed in the name of this one stays here.
    if (view.state !== 'running' || rows.takenOver) continue
    if (!ledger.servers.has(view.marks.serverId)) reasons.push(`I9: ${view.id} runs for nobody`)
    if (view.marks.role === 'install') reasons.push(`I9: installation ${view.id} runs for nobody`)
  }
  return reasons
}

/** Rows of the object against what the ledger was told of them. */
export function untold({ ledger, rows }: World): string[] {
  const reasons: string[] = []
  for (const { id, state } of rows.rows.values()) {
    const told = ledger.operations.get(id)
    if (told === undefined || ledger.gone.has(told.serverId)) continue
    const isSame = told.state === operationStateOf(state)
    if (!isSame) reasons.push(`${id} is ${state} at the object and ${told.state} in the ledger`)
  }
  return reasons
}

function count(database: World['database'], table: 'outbox'): number {
  return Number(database.all(`SELECT count(*) AS n FROM ${table}`, [])[0]?.n ?? 0)
}
