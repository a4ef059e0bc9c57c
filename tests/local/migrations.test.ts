import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'

const folder = 'migrations'
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()

/** A database as it was before a migration, and what applies that one. */
function before(name: string) {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  onTestFinished(() => database.close())
  const at = files.findIndex((file) => file.endsWith(`_${name}.sql`))
  const apply = (file: string) => database.exec(readFileSync(join(folder, file), 'utf8'))
  for (const file of files.slice(0, at)) apply(file)
  return { database, migrate: () => apply(files[at] ?? 'none of that name') }
}

test('ports of servers, one row a protocol, become one row a binding, and none is lost', () => {
  const { database, migrate } = before('ports-and-placement')
  const insert = database.prepare('INSERT INTO allocations VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  insert.run('a', 'node', 'one', '0.0.0.0', 5000, 'tcp', 5000, 1)
  insert.run('b', 'node', 'one', '0.0.0.0', 5000, 'udp', 5000, 1)
  insert.run('c', 'node', 'two', '0.0.0.0', 5001, 'udp', 7777, 1)
  insert.run('d', 'node', 'three', '0.0.0.0', 5002, 'tcp', 1, 1)
  insert.run('e', 'node', 'three', '0.0.0.0', 5002, 'udp', 2, 0)

  migrate()

  const rows = database
    .prepare('SELECT id, server_id, port, protocol, container_port FROM allocations ORDER BY id')
    .all()
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    'a one 5000 both 5000',
    'c two 5001 udp 7777',
    'd three 5002 tcp 1',
    'e three 5002 udp 2',
  ])
})
