/** What is remembered of one name. */
export interface AttemptRow {
  readonly name: string
  /** Attempts that were let through. */
  readonly count: number
  /** When the last of them was, in milliseconds since 1970. */
  readonly at: number
  /** When the one before it was. */
  readonly before: number
}

const second = 1000
const longestWaitMs = 15 * 60 * second

/** A name without attempts for this long is forgotten; longer than the longest wait, so that waiting never pays. */
export const forgottenAfterMs = 60 * 60 * second

/** Attempts before the first wait, for a name that is one account's. */
const freeOfOne = 5

/**
 * The same for kinds of names that stand for many: people behind an address, machines that join from it, and
 * whom one account invites. A join token cannot be guessed; its limit only keeps a broken script away.
 */
const freeOfMany: ReadonlyMap<string, number> = new Map([
  ['address', 20],
  ['reset_from', 20],
  ['inviter', 30],
  ['join', 100],
])

export function freeOf(name: string): number {
  return freeOfMany.get(kindOf(name)) ?? freeOfOne
}

function kindOf(name: string): string {
  return name.slice(0, name.indexOf(':'))
}

/** Milliseconds from the last of so many attempts to the next: none, then 1 s, 2 s, 4 s, at most 15 minutes. */
export function waitAfter(count: number, free: number): number {
  if (count < free) return 0
  return Math.min(second * 2 ** (count - free), longestWaitMs)
}

/** Milliseconds that a name still has to wait. A clock that was set back makes no wait longer than it is. */
export function waitOf({ name, count, at }: AttemptRow, now: number): number {
  return waitAfter(count, freeOf(name)) - Math.max(0, now - at)
}

export function isForgotten({ at }: AttemptRow, now: number): boolean {
  return now - at >= forgottenAfterMs
}

export type Judgement =
  | { readonly allowed: true; readonly rows: readonly AttemptRow[] }
  | { readonly allowed: false; readonly waitMs: number }

/**
 * One attempt that counts for every one of these rows, or for none of them: who has to wait does not wait
 * longer for having asked.
 */
export function judge(rows: readonly AttemptRow[], now: number): Judgement {
  const present = rows.map((row) => (isForgotten(row, now) ? nobody(row.name) : row))
  const waitMs = Math.max(0, ...present.map((row) => waitOf(row, now)))
  if (waitMs > 0) return { allowed: false, waitMs }
  return { allowed: true, rows: present.map((row) => counted(row, now)) }
}

/** A name that made no attempt yet. */
export function nobody(name: string): AttemptRow {
  return { name, count: 0, at: 0, before: 0 }
}

function counted({ name, count, at }: AttemptRow, now: number): AttemptRow {
  return { name, count: count + 1, at: now, before: at }
}

/**
 * The row as if the attempt counted at that time had not been made. If another was made since, the wait
 * after that one stays.
 */
export function givenBack(row: AttemptRow, at: number): AttemptRow {
  const isLast = row.at === at
  return { ...row, count: Math.max(0, row.count - 1), at: isLast ? row.before : row.at }
}

/**
 * The row after an attempt that was right; null: nothing is left to remember. An account's owner is known now
 * and begins anew. An address only loses this one attempt, else whoever owns one account could sign in
 * between guesses at others and never wait.
 */
export function forgiven(row: AttemptRow): AttemptRow | null {
  if (!freeOfMany.has(kindOf(row.name)) || row.count <= 1) return null
  return { ...row, count: row.count - 1 }
}
