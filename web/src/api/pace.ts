/** How often what is shown is asked for again, in milliseconds; hidden tabs do not ask. */
export const pollEvery = { working: 2000, watched: 5000, calm: 15_000 } as const

/** While news arrive by themselves, asking only guards against what was never told. */
const whileLiveMs = 60_000

let live = false

/** Says whether the stream of changes is open. */
export function setLive(now: boolean): void {
  live = now
}

/** The pace for what the stream of changes tells of: operations and servers. */
export function paceOf(pace: keyof typeof pollEvery): number {
  return live ? whileLiveMs : pollEvery[pace]
}
