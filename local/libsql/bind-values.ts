import { SqlError } from './sql-error.ts'
import type { SqlStatement } from './sql-text.ts'
import { fromWire, type SqlValue, type Stmt } from './wire.ts'

/**
 * The values of a statement's parameters by position. Throws `ARGS_INVALID` when one has no value
 * or a positional value has no parameter: the engine would bind NULL or drop it in silence.
 */
export function bindValues(statement: SqlStatement, stmt: Stmt): SqlValue[] {
  const args = stmt.args ?? []
  if (args.length > statement.parameters.length) {
    const counts = `${args.length} values for ${statement.parameters.length} parameters`
    throw new SqlError('ARGS_INVALID', counts)
  }
  const named = new Map((stmt.named_args ?? []).map((arg) => [bareName(arg.name), arg.value]))
  return statement.parameters.map((name, index) => {
    const value = args[index] ?? (name === null ? named.get(`${index + 1}`) : named.get(name))
    if (value !== undefined) return fromWire(value)
    throw new SqlError('ARGS_INVALID', `parameter ${name ?? index + 1} has no value`)
  })
}

function bareName(name: string): string {
  return /^[:@$?]/.test(name) ? name.slice(1) : name
}
