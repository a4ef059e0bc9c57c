/**
 * Reads a value that this object wrote. The type is taken on trust: no one else writes these tables, and
 * a change of shape comes with a migration.
 */
export function fromOwnJson<T>(text: string): T {
  return JSON.parse(text) as T
}
