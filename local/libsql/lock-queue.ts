/** What one try came to: it is done, or another connection holds the lock. */
export type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false }

export type Patience = {
  /** How long to wait for the lock, in milliseconds. */
  readonly waitMs: number
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal
}

/**
 * Queues work on one database lock. The engine's calls block the event loop, so its own busy
 * handler would keep out the very request whose COMMIT it waits for: waiting is done here, and
 * whoever has waited longest is tried in the same turn in which a lock is let go.
 */
export type LockQueue = {
  /**
   * Tries until done. Resolves to `{ done: false }` when patience ends; rejects with what the
   * attempt throws.
   */
  readonly run: <T>(attempt: () => Attempt<T>, patience: Patience) => Promise<Attempt<T>>
  /** Says that a lock may have been let go. */
  readonly released: () => void
}

/** Another process on the same file cannot call `released`; its locks are polled for. */
const pollMs = 25

/** Makes an empty queue. */
export function createLockQueue(): LockQueue {
  const waiters: (() => boolean)[] = []
  let poll: NodeJS.Timeout | null = null
  let draining = false

  function released(): void {
    // What a waiter does may itself let go of the lock; the loop goes on to the next one anyway.
    if (draining) return
    draining = true
    for (let first = waiters[0]; first?.(); first = waiters[0]) waiters.splice(0, 1)
    draining = false
    if (waiters.length === 0 && poll !== null) {
      clearInterval(poll)
      poll = null
    }
  }

  function run<T>(attempt: () => Attempt<T>, patience: Patience): Promise<Attempt<T>> {
    return new Promise((resolve, reject) => {
      if (tryOnce(attempt, resolve, reject)) return
      const leave = () => {
        clearTimeout(timer)
        patience.signal.removeEventListener('abort', giveUp)
      }
      const waiter = () => {
        const settled = tryOnce(attempt, resolve, reject)
        if (settled) leave()
        return settled
      }
      const giveUp = () => {
        leave()
        waiters.splice(waiters.indexOf(waiter), 1)
        resolve({ done: false })
      }
      const timer = setTimeout(giveUp, patience.waitMs)
      patience.signal.addEventListener('abort', giveUp, { once: true })
      waiters.push(waiter)
      if (patience.signal.aborted) return giveUp()
      poll ??= setInterval(released, pollMs)
    })
  }

  return { run, released }
}

function tryOnce<T>(
  attempt: () => Attempt<T>,
  resolve: (outcome: Attempt<T>) => void,
  reject: (error: unknown) => void,
): boolean {
  try {
    const outcome = attempt()
    if (outcome.done) resolve(outcome)
    return outcome.done
  } catch (error) {
    reject(error)
    return true
  }
}
