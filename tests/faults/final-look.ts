import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { Operation } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import type { ServerId } from '../../contract/ids.ts'
import { everyServer, type FaultWorld } from './fault-world.ts'
import { installFile, lineFile } from './game.ts'
import type { EffectKind, FinalOperation } from './history.ts'

/** Notes what the world holds: files of the servers, containers that ran, states of the servers. */
export async function noteWorld(world: FaultWorld): Promise<void> {
  const { stack, cast, history, watch } = world
  for (const serverId of everyServer(cast)) {
    noteFile(world, serverId, 'line', lineFile)
    noteFile(world, serverId, 'install', installFile)
    const { wanted, state, pending } = await stack.call(servers.get, { serverId })
    history.note({ type: 'server', serverId, wanted, state, pending })
  }
  for (const { marks } of watch.started) {
    if (marks.role !== 'server') continue
    history.note({ type: 'started', serverId: marks.serverId, startNo: marks.startNo })
  }
}

/** Each line of the file is `<seconds since 1970> <text>`. */
function noteFile(world: FaultWorld, serverId: ServerId, kind: EffectKind, name: string): void {
  const file = join(world.agentDir, 'servers', serverId, 'files', name)
  if (!existsSync(file)) return
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  for (const [order, line] of lines.entries()) {
    const [seconds = '', text = ''] = line.split(' ')
    world.history.note({
      type: 'effect',
      kind,
      serverId,
      operationId: kind === 'install' ? world.watch.commandOf(text) : null,
      text,
      order,
      happenedAt: Number(seconds) * 1000,
    })
  }
}

/** Notes each operation beside what the node's object keeps of it. The panel must have stopped. */
export function noteOperations(world: FaultWorld, all: readonly Operation[]): void {
  const object = readObject(world)
  for (const operation of all) {
    const final: FinalOperation = {
      operationId: operation.id,
      kind: operation.kind,
      serverId: operation.serverId,
      subject: operation.subject,
      state: operation.state,
      createdAt: Date.parse(operation.createdAt),
      startedAt: timeOf(operation.startedAt),
      endedAt: timeOf(operation.endedAt),
      expiresAt: timeOf(operation.expiresAt),
      atObject: object.commands.get(operation.id) ?? null,
    }
    world.history.note({ type: 'operation', ...final })
  }
  world.history.note({
    type: 'stores',
    journalRows: countIn(join(world.agentDir, 'agent.sqlite'), 'journal'),
    openCommands: object.open,
    undelivered: object.undelivered,
    nextSeq: object.nextSeq,
    commandRows: object.commands.size,
  })
}

function timeOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}

const Row = z.object({ id: z.string(), seq: z.int(), state: z.string() })

function readObject({ folder }: FaultWorld) {
  using database = openObject(join(folder, 'panel', 'objects'))
  const commands = new Map<string, { seq: number; state: string }>()
  let open = 0
  for (const { row } of database.prepare('SELECT row FROM commands').all()) {
    const { id, seq, state } = Row.parse(JSON.parse(String(row)))
    commands.set(id, { seq, state })
    if (['queued', 'sent', 'accepted'].includes(state)) open += 1
  }
  const [next] = database.prepare("SELECT value FROM facts WHERE name = 'nextSeq'").all()
  // That the node went offline when all was stopped may still be on its way.
  const [waiting] = database
    .prepare("SELECT count(*) AS rows FROM outbox WHERE thing LIKE 'operation:%'")
    .all()
  return {
    commands,
    open,
    nextSeq: Number(next?.value ?? 1),
    undelivered: Number(waiting?.rows ?? 0),
  }
}

/** The one object of a node in a panel that has one node. */
function openObject(folder: string): DatabaseSync {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.sqlite')) continue
    const database = new DatabaseSync(join(folder, name), { readOnly: true })
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    if (tables.some((table) => table.name === 'commands')) return database
    database.close()
  }
  throw new Error(`no object of a node in ${folder}`)
}

function countIn(file: string, table: string): number {
  using database = new DatabaseSync(file, { readOnly: true })
  const [row] = database.prepare(`SELECT count(*) AS rows FROM ${table}`).all()
  return Number(row?.rows ?? 0)
}
