import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client/http'
import { drizzle } from 'drizzle-orm/libsql/http'
import { migrate as applyMigrations } from 'drizzle-orm/libsql/migrator'

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/**
 * Applies every migration that the database has not seen: all of them, or none when one fails.
 * @throws when the database does not answer or a statement fails
 */
export async function migrate(url: string, token: string): Promise<void> {
  const client = createClient({ url, authToken: token })
  try {
    await applyMigrations(drizzle({ client }), { migrationsFolder })
  } finally {
    client.close()
  }
}
