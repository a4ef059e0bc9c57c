/**
 * Waits for `work`, at most `ms` milliseconds; null when it took longer. A late end of `work` is dropped, a
 * late failure too. The timer keeps the object awake meanwhile, as the pending call does anyway.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
