import * as z from 'zod'
import { SqlError } from './sql-error.ts'

/** A value as the engine takes and gives it. */
export type SqlValue = null | bigint | number | string | Uint8Array

/**
 * A value on the wire. Integers travel as text, since JSON's numbers end at 2^53; only what JSON
 * numbers can hold (SQL's REAL) travels as a number.
 */
export type WireValue =
  | { type: 'null' }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'text'; value: string }
  | { type: 'blob'; base64: string }

const WireValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal('null') }),
  z.object({ type: z.literal('integer'), value: z.string().regex(/^-?\d{1,19}$/) }),
  z.object({ type: z.literal('float'), value: z.number() }),
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('blob'), base64: z.string() }),
])

const NamedArg = z.object({ name: z.string(), value: WireValue })

const SqlSource = { sql: z.string().nullish(), sql_id: z.int().nullish() }

const Stmt = z.object({
  ...SqlSource,
  args: z.array(WireValue).nullish(),
  named_args: z.array(NamedArg).nullish(),
  want_rows: z.boolean().nullish(),
})
export type Stmt = z.infer<typeof Stmt>

export type BatchCond =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: BatchCond }
  | { type: 'and' | 'or'; conds: BatchCond[] }

const BatchCond: z.ZodType<BatchCond> = z.lazy(() =>
  z.union([
    z.object({ type: z.enum(['ok', 'error']), step: z.int().nonnegative() }),
    z.object({ type: z.literal('not'), cond: BatchCond }),
    z.object({ type: z.enum(['and', 'or']), conds: z.array(BatchCond) }),
  ]),
)

const BatchStep = z.object({ condition: BatchCond.nullish(), stmt: Stmt })
export type BatchStep = z.infer<typeof BatchStep>

const StreamRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('execute'), stmt: Stmt }),
  z.object({ type: z.literal('batch'), batch: z.object({ steps: z.array(BatchStep) }) }),
  z.object({ type: z.literal('sequence'), ...SqlSource }),
  z.object({ type: z.literal('describe'), ...SqlSource }),
  z.object({ type: z.literal('store_sql'), sql_id: z.int(), sql: z.string() }),
  z.object({ type: z.literal('close_sql'), sql_id: z.int() }),
])
export type StreamRequest = z.infer<typeof StreamRequest>

/** The body of `POST /v2/pipeline`. */
export const PipelineBody = z.object({
  baton: z.string().nullish(),
  requests: z.array(StreamRequest),
})
export type PipelineBody = z.infer<typeof PipelineBody>

export type StmtResult = {
  cols: { name: string; decltype: string | null }[]
  rows: WireValue[][]
  affected_row_count: number
  last_insert_rowid: string | null
}

export type WireError = { message: string; code: string }

export type BatchResult = {
  step_results: (StmtResult | null)[]
  step_errors: (WireError | null)[]
}

export type StreamResponse =
  | { type: 'execute'; result: StmtResult }
  | { type: 'batch'; result: BatchResult }
  | { type: 'close' | 'sequence' | 'store_sql' | 'close_sql' }

const minInteger = -(2n ** 63n)
const maxInteger = 2n ** 63n - 1n

/**
 * Reads a value off the wire. Throws `ARGS_INVALID` for an integer that needs over 64 bits, and
 * for text with a NUL, which this engine would store whole and give back cut off.
 */
export function fromWire(value: WireValue): SqlValue {
  switch (value.type) {
    case 'null':
      return null
    case 'integer': {
      const integer = BigInt(value.value)
      if (integer >= minInteger && integer <= maxInteger) return integer
      throw new SqlError('ARGS_INVALID', `the integer ${value.value} does not fit into 64 bits`)
    }
    case 'blob':
      return Buffer.from(value.base64, 'base64')
    case 'text':
      if (!value.value.includes('\0')) return value.value
      throw new SqlError('ARGS_INVALID', 'text must not contain NUL characters')
    case 'float':
      return value.value
  }
}

/** Puts a value that the engine returned on the wire. */
export function toWire(value: unknown): WireValue {
  if (value === null) return { type: 'null' }
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() }
  if (typeof value === 'string') return { type: 'text', value }
  if (value instanceof Uint8Array) {
    return { type: 'blob', base64: Buffer.from(value).toString('base64') }
  }
  if (typeof value === 'number' && Number.isFinite(value)) return { type: 'float', value }
  throw new SqlError('VALUE_UNSUPPORTED', `the value ${String(value)} has no JSON form`)
}
