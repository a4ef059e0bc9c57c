import { useEffect, useMemo, useState } from 'react'
import { retryAfterOf } from '../api/client.ts'

/** A second is never skipped, and never shown for two. */
const looksEveryMs = 200

/** Seconds until the same may be tried again, counted down to 0; null: the failure asks for no wait. */
export function useWait(error: unknown): number | null {
  const seconds = retryAfterOf(error)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure begins a wait, equally long ones too
  const until = useMemo(() => Date.now() + (seconds ?? 0) * 1000, [error, seconds])
  const [now, setNow] = useState(() => Date.now())
  const left = secondsUntil(until, now, seconds ?? 0)
  useEffect(() => {
    if (secondsUntil(until, Date.now(), 1) === 0) return undefined
    const tick = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(tick)
    }, looksEveryMs)
    return () => clearInterval(tick)
  }, [until])
  return seconds === null ? null : left
}

/** What to tell of a wait: "Try again in 12 s." */
export function waitText(seconds: number): string {
  if (seconds <= 0) return 'You can try again now.'
  return seconds < 120
    ? `Try again in ${seconds} s.`
    : `Try again in ${Math.ceil(seconds / 60)} min.`
}

function secondsUntil(until: number, now: number, atMost: number): number {
  return Math.min(Math.max(0, Math.ceil((until - now) / 1000)), atMost)
}
