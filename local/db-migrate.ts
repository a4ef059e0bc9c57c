import { migrate } from './migrate.ts'

/** Applies the migrations to the database that the environment names. */
const { LIBSQL_URL: url, LIBSQL_TOKEN: token } = process.env
if (url === undefined) {
  console.error('LIBSQL_URL is not set: name the database, and its token in LIBSQL_TOKEN')
  process.exit(2)
}
await migrate(url, token ?? '')
console.log('The database is up to date.')
