import type { Database } from '../../worker/db/client.ts'

/** Every row of every table but those named, as one text: what somebody has who has the database. */
export async function dumpTables(db: Database, except: readonly string[] = []): Promise<string> {
  const client = db.$client
  const tables = await client.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
  const texts = tables.rows
    .map(({ name }) => String(name))
    .filter((name) => !except.includes(name))
    .map(async (name) => JSON.stringify((await client.execute(`SELECT * FROM "${name}"`)).rows))
  return (await Promise.all(texts)).join('\n')
}
