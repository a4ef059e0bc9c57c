import { type ReportEffect, report, type ShowEffect, show } from '../effect.ts'
import { type CommandRow, laneOf, operationStateOf } from './row.ts'

/** What of a log travels with one report, so that a batch of reports stays small. Characters. */
const logAtMost = 32_768

/** Tells the ledger where a command stands. */
export function reportOf(row: CommandRow): ReportEffect {
  return report({
    type: 'operation.changed',
    operation: {
      id: row.id,
      state: operationStateOf(row.state),
      progress: row.progress,
      code: row.result?.code ?? null,
      message: row.result?.message ?? null,
      log: tailOf(row.log),
      startedAt: isoOf(row.startedAt),
      endedAt: isoOf(row.endedAt),
    },
  })
}

/** Tells whoever watches the command's server. */
export function showOf(row: CommandRow): ShowEffect {
  return show(laneOf(row), {
    type: 'operation',
    operationId: row.id,
    kind: row.command.type,
    state: operationStateOf(row.state),
    percent: row.progress.percent,
    message: row.result === null ? row.progress.message : row.result.message,
  })
}

/** The newest lines that fit. */
function tailOf(log: readonly string[]): readonly string[] {
  let left = logAtMost
  let from = log.length
  while (from > 0) {
    left -= log[from - 1]?.length ?? 0
    if (left < 0) break
    from -= 1
  }
  return log.slice(from)
}

export function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
