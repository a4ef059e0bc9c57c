import { refuseForbiddenSql } from './allowed-sql.ts'
import { bindValues } from './bind-values.ts'
import type { Patience } from './lock-queue.ts'
import { SqlError, toSqlError } from './sql-error.ts'
import { type SqlStatement, splitSql } from './sql-text.ts'
import type { Stream, Streams } from './streams.ts'
import type {
  BatchCond,
  BatchResult,
  BatchStep,
  PipelineBody,
  Stmt,
  StmtResult,
  StreamRequest,
  StreamResponse,
  WireError,
} from './wire.ts'

type StreamResult = { type: 'ok'; response: StreamResponse } | { type: 'error'; error: WireError }

export type PipelineReply = {
  baton: string | null
  base_url: null
  results: StreamResult[]
}

/**
 * Runs the requests of one pipeline in order on its stream; one that fails does not keep the next
 * from running. Rejects only when there is no such stream, or when nobody waits for the reply any
 * more: the stream is ended then, since its next baton would reach no one.
 */
export async function runPipeline(
  streams: Streams,
  body: PipelineBody,
  patience: Patience,
): Promise<PipelineReply> {
  const stream = streams.take(body.baton ?? null)
  const results: StreamResult[] = []
  let closed = false
  for (const request of body.requests) {
    if (closed) {
      results.push(failed(new SqlError('STREAM_CLOSED', 'the stream was closed before')))
      continue
    }
    closed = request.type === 'close'
    results.push(await settle(answer(stream, request, patience)))
    if (patience.signal.aborted) break
  }
  if (closed || patience.signal.aborted) streams.end(stream)
  patience.signal.throwIfAborted()
  return { baton: closed ? null : streams.park(stream), base_url: null, results }
}

async function settle(response: Promise<StreamResponse>): Promise<StreamResult> {
  try {
    return { type: 'ok', response: await response }
  } catch (error) {
    return failed(error)
  }
}

function failed(error: unknown): StreamResult {
  return { type: 'error', error: toWireError(error) }
}

function toWireError(error: unknown): WireError {
  const { message, code } = toSqlError(error)
  return { message, code }
}

async function answer(
  stream: Stream,
  request: StreamRequest,
  patience: Patience,
): Promise<StreamResponse> {
  switch (request.type) {
    case 'execute':
      return { type: 'execute', result: await execute(stream, request.stmt, patience) }
    case 'batch':
      return { type: 'batch', result: await runBatch(stream, request.batch.steps, patience) }
    case 'sequence':
      await runSequence(stream, textOf(stream, request), patience)
      return { type: 'sequence' }
    case 'store_sql':
      storeSql(stream, request.sql_id, request.sql)
      return { type: 'store_sql' }
    case 'close_sql':
      stream.storedSql.delete(request.sql_id)
      return { type: 'close_sql' }
    case 'close':
      return { type: 'close' }
    case 'describe':
      throw new SqlError('NOT_SUPPORTED', 'describing a statement is not supported')
  }
}

function execute(stream: Stream, stmt: Stmt, patience: Patience): Promise<StmtResult> {
  const [statement, second] = splitSql(textOf(stream, stmt))
  if (statement === undefined) throw new SqlError('SQL_NO_STATEMENT', 'there is no statement')
  if (second !== undefined) throw new SqlError('SQL_MANY_STATEMENTS', 'there are two statements')
  refuseForbiddenSql(statement)
  const values = bindValues(statement, stmt)
  return stream.connection.execute(statement, values, stmt.want_rows ?? true, patience)
}

/** Runs a text of several statements, each by itself, so that a wait never repeats one. */
async function runSequence(stream: Stream, text: string, patience: Patience): Promise<void> {
  const statements: readonly SqlStatement[] = splitSql(text)
  statements.forEach(refuseForbiddenSql)
  for (const statement of statements) {
    const values = bindValues(statement, {})
    await stream.connection.execute(statement, values, false, patience)
  }
}

async function runBatch(
  stream: Stream,
  steps: readonly BatchStep[],
  patience: Patience,
): Promise<BatchResult> {
  const result: BatchResult = { step_results: [], step_errors: [] }
  for (const step of steps) {
    const { step_results: results, step_errors: errors } = result
    if (step.condition && !holds(step.condition, result)) {
      results.push(null)
      errors.push(null)
      continue
    }
    try {
      results.push(await execute(stream, step.stmt, patience))
      errors.push(null)
    } catch (error) {
      results.push(null)
      errors.push(toWireError(error))
    }
  }
  return result
}

function holds(condition: BatchCond, result: BatchResult): boolean {
  switch (condition.type) {
    case 'ok':
      return (result.step_results[condition.step] ?? null) !== null
    case 'error':
      return (result.step_errors[condition.step] ?? null) !== null
    case 'not':
      return !holds(condition.cond, result)
    case 'and':
      return condition.conds.every((each) => holds(each, result))
    case 'or':
      return condition.conds.some((each) => holds(each, result))
  }
}

type SqlSource = { sql?: string | null | undefined; sql_id?: number | null | undefined }

function textOf(stream: Stream, { sql, sql_id: id }: SqlSource): string {
  const text = sql ?? (id == null ? undefined : stream.storedSql.get(id))
  if (text === undefined) throw new SqlError('SQL_STORE_ERROR', `no SQL is stored as ${id}`)
  return text
}

function storeSql(stream: Stream, id: number, sql: string): void {
  const maxStored = 256
  if (stream.storedSql.has(id) || stream.storedSql.size >= maxStored) {
    throw new SqlError('SQL_STORE_ERROR', `SQL ${id} cannot be stored`)
  }
  stream.storedSql.set(id, sql)
}
