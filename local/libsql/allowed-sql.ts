import { SqlError } from './sql-error.ts'
import type { SqlStatement } from './sql-text.ts'

/**
 * Pragmas that only read, or that the pool undoes. Others would outlive the stream on a pooled
 * connection, and the hosted service refuses them too.
 */
const allowedPragmas = new Set([
  'DATA_VERSION',
  'DEFER_FOREIGN_KEYS',
  'FOREIGN_KEYS',
  'FOREIGN_KEY_CHECK',
  'FOREIGN_KEY_LIST',
  'INDEX_INFO',
  'INDEX_LIST',
  'INDEX_XINFO',
  'INTEGRITY_CHECK',
  'JOURNAL_MODE',
  'QUICK_CHECK',
  'TABLE_INFO',
  'TABLE_LIST',
  'TABLE_XINFO',
  'USER_VERSION',
])

/** Throws `SQL_NOT_ALLOWED` for what would reach other files or leak into other streams. */
export function refuseForbiddenSql(statement: SqlStatement): void {
  const [first = '', second = '', third = '', fourth = ''] = statement.words
  if (first === 'ATTACH' || first === 'DETACH') refuse(first)
  if (first === 'VACUUM' && second !== '') refuse('VACUUM INTO')
  if (first === 'CREATE' && (second === 'TEMP' || second === 'TEMPORARY')) refuse('CREATE TEMP')
  if (first !== 'PRAGMA') return
  const name = (third === '.' ? fourth : second).toUpperCase()
  if (!allowedPragmas.has(name)) refuse(`PRAGMA ${name.toLowerCase()}`)
  if (name === 'JOURNAL_MODE' && third !== '') refuse('changing the journal mode')
}

function refuse(what: string): never {
  throw new SqlError('SQL_NOT_ALLOWED', `${what} is not allowed here`)
}
