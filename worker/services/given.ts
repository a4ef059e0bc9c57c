/** `before` with every field that was given in its place; `undefined` means "not given". */
export function withGiven<T extends object>(
  before: T,
  given: { readonly [Key in keyof T]?: T[Key] | undefined },
): T {
  const after = { ...before }
  for (const key in before) {
    const value = given[key]
    if (value !== undefined) after[key] = value
  }
  return after
}

/** The fields that differ, from and to, for the audit log. */
export function changesOf<T extends object>(
  before: T,
  after: T,
): { readonly before: Partial<T>; readonly after: Partial<T> } {
  const from: Partial<T> = {}
  const to: Partial<T> = {}
  for (const key in before) {
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue
    from[key] = before[key]
    to[key] = after[key]
  }
  return { before: from, after: to }
}
