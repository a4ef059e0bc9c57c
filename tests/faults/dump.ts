import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { NodeId } from '../../contract/ids.ts'
import type { Stack } from '../support/stack.ts'

type Rows = Readonly<Record<string, readonly object[]>>

/** Everything that the panel keeps of a node and its servers: the object's tables and libSQL's rows. */
export interface NodeDump {
  readonly object: Rows
  readonly ledger: Rows
}

/** Reads the files beside the panel that runs on them. */
export function dumpOf(stack: Stack, nodeId: NodeId): NodeDump {
  return { object: objectRows(stack, nodeId), ledger: ledgerRows(stack, nodeId) }
}

/** Tables of libSQL that speak of nodes, each with the rows of one. */
function ledgerRows(stack: Stack, nodeId: NodeId): Rows {
  using database = new DatabaseSync(join(stack.dataDir, 'panel.db'), { readOnly: true })
  const own = `(SELECT id FROM servers WHERE node_id = '${nodeId}')`
  const where = {
    nodes: `id = '${nodeId}'`,
    servers: `node_id = '${nodeId}'`,
    operations: `node_id = '${nodeId}'`,
    allocations: `server_id IN ${own}`,
  }
  return Object.fromEntries(
    Object.entries(where).map(([table, rows]) => [
      table,
      database.prepare(`SELECT * FROM ${table} WHERE ${rows} ORDER BY id`).all(),
    ]),
  )
}

function objectRows(stack: Stack, nodeId: NodeId): Rows {
  const folder = join(stack.dataDir, 'objects')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.sqlite')) continue
    using database = new DatabaseSync(join(folder, name), { readOnly: true })
    const tables = tablesOf(database)
    if (!tables.includes('facts')) continue
    const [fact] = database.prepare("SELECT value FROM facts WHERE name = 'nodeId'").all()
    if (fact?.value !== JSON.stringify(nodeId)) continue
    return Object.fromEntries(
      tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all()]),
    )
  }
  throw new Error(`no object of node ${nodeId} in ${folder}`)
}

/** Wakes move on by themselves, whatever an agent says; the platform has tables of its own. */
const restless = /^(wakes|_cf_.*|sqlite_.*)$/

function tablesOf(database: DatabaseSync): string[] {
  return database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !restless.test(name))
}
