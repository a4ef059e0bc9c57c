export interface Figure {
  readonly name: string
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Measured in the same run, so that the machine's mood cancels out. */
  readonly reference: { readonly what: string; readonly value: number } | null
  readonly limit: number | null
}

/** The middle of the values; of an even count the lower of the two. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value below or at which this share of them lies; NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

/** Runs both in turn, so that both meet the same noise, and answers the median of each in milliseconds. */
export async function paired(
  runs: number,
  measured: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<{ readonly value: number; readonly reference: number }> {
  const values: number[] = []
  const references: number[] = []
  for (let run = 0; run < runs; run += 1) {
    references.push(await reference())
    values.push(await measured())
  }
  return { value: median(values), reference: median(references) }
}

/** How long the work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The figures as an aligned table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, what, value, unit, reference, limit }) => [
    name,
    `${round(value)} ${unit}`,
    reference === null ? '' : `${round(reference.value)} ${unit} ${reference.what}`,
    reference === null ? '' : `x ${round(value / reference.value)}`,
    limit === null ? '' : value <= limit ? `within ${limit}` : `OVER ${limit}`,
    what,
  ])
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
