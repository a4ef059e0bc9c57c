import { migrations } from './migrations.ts'

/** Whether the object was ever given a node. Reading writes nothing, so a random id leaves no trace. */
export function isBorn(storage: DurableObjectStorage): boolean {
  const found = storage.sql
    .exec(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_migrations'`)
    .toArray()
  return found.length > 0
}

/** Brings the tables up to date. The platform does not allow PRAGMA user_version, so a table counts. */
export function migrate(
  storage: DurableObjectStorage,
  steps: readonly string[] = migrations,
): void {
  storage.transactionSync(() => {
    storage.sql.exec('CREATE TABLE IF NOT EXISTS _migrations (no INTEGER PRIMARY KEY)')
    const { done } = storage.sql
      .exec<{ done: number }>('SELECT count(*) AS done FROM _migrations')
      .one()
    for (const [no, step] of steps.entries()) {
      if (no < done) continue
      storage.sql.exec(step)
      storage.sql.exec('INSERT INTO _migrations (no) VALUES (?)', no)
    }
  })
}
