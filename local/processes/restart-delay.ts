export type RestartPolicy = {
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** Who ran for so long before it died starts with the first delay again. */
  readonly steadyAfterMs: number
}

/** How many times in a row it died young, after one more death. */
export function deathsInARow(policy: RestartPolicy, before: number, ranForMs: number): number {
  return ranForMs >= policy.steadyAfterMs ? 1 : before + 1
}

/** How long to wait before the next start: doubled with each death in a row. */
export function restartDelay(policy: RestartPolicy, deaths: number): number {
  return Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.max(0, deaths - 1))
}

/** For the panel's own parts: back at once, and never more than ten seconds between two tries. */
export const restartSoon: RestartPolicy = {
  firstDelayMs: 250,
  maxDelayMs: 10_000,
  steadyAfterMs: 30_000,
}
