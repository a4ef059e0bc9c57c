/** Polls until the claim gives something true, and returns it; fails with the last value seen. */
export async function until<T>(
  claim: () => T | Promise<T>,
  what = 'the claim',
  withinMs = 15_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await claim()
    if (value) return value as Exclude<NonNullable<T>, false> // the check is not narrowed in a generic
    if (Date.now() > end) throw new Error(`${what} did not become true; last: ${String(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}
