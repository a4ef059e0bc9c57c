import type { SeedResult } from './simulate.ts'

/** What many seeds have in common. */
export interface Figures {
  seeds: number
  events: number
  commands: number
  /** Faults and situations, by name, with how often each occurred. */
  readonly seen: Map<string, number>
  readonly failed: Pick<SeedResult, 'seed' | 'broken' | 'kinds'>[]
  /** Milliseconds from the last fault until everything was at rest, one per seed. */
  readonly recoveries: number[]
}

export function noFigures(): Figures {
  return { seeds: 0, events: 0, commands: 0, seen: new Map(), failed: [], recoveries: [] }
}

export function count(figures: Figures, result: SeedResult): void {
  const { seed, broken, kinds, events, seen, recoveredIn } = result
  figures.seeds += 1
  figures.events += events
  for (const [what, times] of seen) {
    figures.seen.set(what, (figures.seen.get(what) ?? 0) + times)
    if (what.startsWith('outcome.')) figures.commands += times
  }
  if (broken.length > 0) figures.failed.push({ seed, broken, kinds })
  if (recoveredIn !== null) figures.recoveries.push(recoveredIn)
}

/** Everything seen whose name begins so, without the beginning. */
export function seenAs(figures: Figures, beginning: string): Record<string, number> {
  const found = [...figures.seen].filter(([what]) => what.startsWith(beginning)).sort()
  return Object.fromEntries(found.map(([what, times]) => [what.slice(beginning.length), times]))
}

/** The value that this part of all is not above; 0 of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

/** What a run prints: one line of JSON. */
export function summary(figures: Figures, seconds: number): Record<string, unknown> {
  const faults = seenAs(figures, 'fault.')
  const { seeds, events, commands, failed, recoveries } = figures
  return {
    seeds,
    commands,
    faults: Object.values(faults).reduce((sum, times) => sum + times, 0),
    violations: failed.length,
    events,
    seconds: Math.round(seconds * 10) / 10,
    recoverySeconds: {
      p50: quantile(recoveries, 0.5) / 1000,
      p99: quantile(recoveries, 0.99) / 1000,
    },
    outcomes: seenAs(figures, 'outcome.'),
    faultsByKind: faults,
    seen: Object.fromEntries(
      [...figures.seen].filter(([what]) => !/^(fault|outcome)\./.test(what)).sort(),
    ),
  }
}

/** How a failure is told: what broke, and how to see it again. */
export function replayOf({ seed, broken, kinds }: Figures['failed'][number]): string {
  const [first] = broken
  return [
    `seed ${seed} breaks ${first?.rule}: ${first?.what}`,
    `  with the faults ${kinds.join(', ')}`,
    `  npm run sim -- --seed ${seed}`,
  ].join('\n')
}
