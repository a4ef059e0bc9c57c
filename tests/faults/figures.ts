import type { History } from './history.ts'

/** What one run came to. Times are milliseconds. */
export interface RunFigures {
  readonly seed: number
  readonly commands: number
  /** How long it took after each fault, by kind, until a fresh command came through. */
  readonly recovered: Readonly<Record<string, readonly number[]>>
  readonly outcomes: Readonly<Record<string, number>>
  /** From the last fault until everything was as it should be. */
  readonly settledAfterMs: number
  readonly violations: readonly string[]
}

export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** What all runs came to, for people and programs. */
export interface SoakFigures {
  readonly seeds: readonly number[]
  readonly commands: number
  readonly faults: number
  readonly recovery: Spread
  readonly recoveryByFault: Readonly<Record<string, Spread>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly settledAfterMs: Spread
  readonly violations: number
}

/** @param run what the history does not say */
export function figuresOf(
  history: History,
  run: Pick<RunFigures, 'seed' | 'settledAfterMs' | 'violations'>,
): RunFigures {
  const byKind = Map.groupBy(history.of('recovered'), ({ fault }) => fault)
  const operations = history.of('operation')
  return {
    ...run,
    commands: operations.length,
    recovered: Object.fromEntries(
      [...byKind].map(([kind, records]) => [kind, records.map(({ tookMs }) => tookMs)]),
    ),
    outcomes: countsOf(operations.map(({ state }) => state)),
  }
}

/** A run that came to no end: nothing recovered, or nothing settled, in time. */
export function brokenOff(seed: number, error: unknown): RunFigures {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    seed,
    commands: 0,
    recovered: {},
    outcomes: {},
    settledAfterMs: 0,
    violations: [`it broke off: ${reason}`],
  }
}

export function mergedFigures(runs: readonly RunFigures[]): SoakFigures {
  const times = new Map<string, number[]>()
  const outcomes: Record<string, number> = {}
  for (const run of runs) {
    for (const [kind, took] of Object.entries(run.recovered)) {
      times.set(kind, [...(times.get(kind) ?? []), ...took])
    }
    for (const [state, count] of Object.entries(run.outcomes)) {
      outcomes[state] = (outcomes[state] ?? 0) + count
    }
  }
  const all = spreadOf([...times.values()].flat())
  const byKind = [...times].map(([kind, took]) => [kind, spreadOf(took)] as const)
  return {
    seeds: runs.map(({ seed }) => seed),
    commands: runs.reduce((sum, { commands }) => sum + commands, 0),
    faults: all.count,
    recovery: all,
    recoveryByFault: Object.fromEntries(byKind),
    outcomes,
    settledAfterMs: spreadOf(runs.map(({ settledAfterMs }) => settledAfterMs)),
    violations: runs.reduce((sum, { violations }) => sum + violations.length, 0),
  }
}

export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((one, other) => one - other)
  const at = (share: number) =>
    Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0)
  return { count: times.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
