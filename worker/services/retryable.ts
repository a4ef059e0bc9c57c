/**
 * Whether one more call of an object may help. Every method of an object may be called twice; an object that
 * is overloaded is only more so by it.
 */
export function isRetryable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const isOverloaded = 'overloaded' in error && error.overloaded === true
  return 'retryable' in error && error.retryable === true && !isOverloaded
}
