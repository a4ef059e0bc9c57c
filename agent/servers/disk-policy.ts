import type { DiskUsage } from './disk-usage.ts'

/** What was made of a running server's measurements so far. */
export interface DiskState {
  /** It was told that not much is left. */
  readonly isNear: boolean
  /** Since when it takes more than it may, on the host's forward clock; null: it does not. */
  readonly overSince: number | null
  /** It is to be stopped. */
  readonly mustStop: boolean
}

export const diskAtRest: DiskState = { isNear: false, overSince: null, mustStop: false }

export interface DiskVerdict {
  readonly state: DiskState
  /** For the server's console; null: nothing new. */
  readonly say: string | null
}

const mebibyte = 1024 * 1024
/** Part of the limit from which on it is told, and below which it would be told anew. */
const near = { from: 0.9, until: 0.85 } as const
/** Between the first word and the stop: long enough to delete something. Milliseconds. */
const grace = 300_000
/** So much over the limit it is stopped at once: whatever fills the disk will not wait for anybody. */
const farOver = 1.5

/**
 * What follows from one more measurement of a running server: a word at 90 % of its limit, a warning when
 * it is over, a stop five minutes later or at once far over it. A measurement that is not whole says how
 * much there is at least, and so never that there is less again.
 */
export function afterMeasurement(
  state: DiskState,
  { bytes, whole }: DiskUsage,
  limitMb: number,
  now: number,
): DiskVerdict {
  if (state.mustStop) return { state, say: null }
  const limit = limitMb * mebibyte
  const amount = amountOf(bytes, limitMb)
  if (bytes > limit) {
    const overSince = state.overSince ?? now
    const mustStop = isFarOver(bytes, limitMb) || now - overSince >= grace
    const next = { isNear: true, overSince, mustStop }
    if (mustStop) return { state: next, say: `${amount} The server is stopped.` }
    const warning = `${amount} Delete something, or it is stopped in ${grace / 60_000} minutes.`
    return { state: next, say: state.overSince === null ? warning : null }
  }
  if (!whole) return { state, say: null }
  const isNear = bytes >= (state.isNear ? near.until : near.from) * limit
  const next = { isNear, overSince: null, mustStop: false }
  if (state.overSince !== null) return { state: next, say: `${amount} It is not stopped.` }
  return { state: next, say: isNear && !state.isNear ? amount : null }
}

/** Why a server may not be started; null: it may. */
export function diskRefusal(usage: DiskUsage | null, limitMb: number): string | null {
  if (usage === null || usage.bytes <= limitMb * mebibyte) return null
  return `${amountOf(usage.bytes, limitMb)} Delete something or raise the limit, then start again.`
}

/** Why an installation is ended that is under way; null: it goes on. */
export function farOverDisk({ bytes }: DiskUsage, limitMb: number): string | null {
  return isFarOver(bytes, limitMb) ? amountOf(bytes, limitMb) : null
}

function isFarOver(bytes: number, limitMb: number): boolean {
  return bytes > farOver * limitMb * mebibyte
}

function amountOf(bytes: number, limitMb: number): string {
  return `Its files take ${Math.ceil(bytes / mebibyte)} MiB of the ${limitMb} MiB that they may.`
}
