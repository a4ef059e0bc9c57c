import { createClient, LibsqlError, type ResultSet } from '@libsql/client/web'
import { drizzle } from 'drizzle-orm/libsql/web'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { AppError, type ErrorCode } from '../../contract/errors.ts'

export type Database = ReturnType<typeof openDatabase>
/** Runs statements: the database itself, or one transaction in it. */
export type Queries = BaseSQLiteDatabase<'async', ResultSet>
/** A statement that has been built and not run yet. */
export interface Statement {
  toSQL(): { readonly sql: string; readonly params: unknown[] }
}

const answersWithinMs = 20_000

/**
 * Opens the database for one request. Never keep what this returns for another: the client queues its
 * calls, and in workerd a queue shared between requests hangs for ever.
 * @param withinMs an answer that is not whole by then counts as none
 */
export function openDatabase(url: string, token: string | null, withinMs = answersWithinMs) {
  const client = createClient({
    url,
    ...(token === null ? {} : { authToken: token }),
    intMode: 'number',
    fetch: (request: Request) => wholeAnswer(request, withinMs).catch(unreachable),
  })
  return drizzle({ client })
}

/**
 * Runs `work` in one write transaction: it sees no other writer's half, and a throw leaves nothing
 * written. No call to anything but the database belongs in it, since all other writers wait.
 */
export function inTransaction<T>(db: Database, work: (tx: Queries) => Promise<T>): Promise<T> {
  return db.transaction(work)
}

/** Runs statements in one write transaction and one round trip; results are in their order. */
export async function writeBatch(
  db: Database,
  statements: readonly Statement[],
): Promise<ResultSet[]> {
  const built = statements.map((statement) => {
    const { sql, params } = statement.toSQL()
    return { sql, args: params.map(toArgument) }
  })
  return db.$client.batch(built, 'write')
}

/** Turns the refusal of a second row with the same unique value into an error of ours. */
export async function refuseDuplicate<T>(work: Promise<T>, code: ErrorCode): Promise<T> {
  try {
    return await work
  } catch (error) {
    const cause = libsqlErrorIn(error)
    const isDuplicate = cause?.code.startsWith('SQLITE_CONSTRAINT') && /UNIQUE/.test(cause.message)
    throw isDuplicate ? new AppError(code) : error
  }
}

/** Whether the database did not do its part, as opposed to refusing a statement that is wrong. */
export function isDatabaseFailure(error: unknown): boolean {
  const cause = libsqlErrorIn(error)
  if (cause === null) return false
  return !/^SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG)/.test(cause.code)
}

function libsqlErrorIn(error: unknown): LibsqlError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof LibsqlError) return cause
  }
  return null
}

/** The answer with its body read: a database that stops in the middle of one has not answered. */
async function wholeAnswer(request: Request, withinMs: number): Promise<Response> {
  const response = await fetch(request, { signal: AbortSignal.timeout(withinMs) })
  return new Response(await response.arrayBuffer(), response)
}

function unreachable(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new LibsqlError(reason, 'UNREACHABLE')
}

type Argument = string | number | boolean | null

function toArgument(value: unknown): Argument {
  if (value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  throw new TypeError(`a ${typeof value} cannot be sent to the database`)
}
