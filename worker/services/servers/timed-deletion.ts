import { sql } from 'drizzle-orm'
import { SuspensionSettings } from '../../../contract/api/settings.ts'
import { settings } from '../../db/schema/panel.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import type { Section } from '../settings/stored.ts'

const dayMs = 24 * 3_600_000
const section: Section = 'suspension'

/** The setting as it is stored, for statements that read servers; null: it was never made. */
export const deletionRuleColumn = sql<
  string | null
>`(SELECT ${settings.value} FROM ${settings} WHERE ${settings.key} = ${section})`

/** @param stored what `deletionRuleColumn` gave */
export function deletesAt(server: Suspended, stored: string | null, now: number): number | null {
  if (server.suspendedAt === null || stored === null) return null
  return timedDeletionOf(server, SuspensionSettings.parse(JSON.parse(stored)), now)?.at ?? null
}

/**
 * Whether suspended servers may be deleted by whoever may not suspend them; null: that was never set.
 * @param stored what `deletionRuleColumn` gave
 */
export function deletePolicyIn(stored: string | null): SuspensionSettings['deletePolicy'] {
  return stored === null ? null : SuspensionSettings.parse(JSON.parse(stored)).deletePolicy
}

export type DeletionRule = Pick<SuspensionSettings, 'deleteAfterDays' | 'warnDaysBefore'>
type Suspended = Pick<ServerRow, 'suspendedAt' | 'suspendedUntil' | 'deletionWarnedAt'>

/** Where a suspended server stands on its way to being deleted, in milliseconds since 1970. */
export interface TimedDeletion {
  readonly at: number
  /** From then on its owner is to be warned. */
  readonly warnFrom: number
}

/**
 * When a server is deleted by itself; null: it is not. Its owner always has the days between the warning
 * and the deletion, also where the setting is newer than the suspension or nobody could be warned in time.
 */
export function timedDeletionOf(
  { suspendedAt, suspendedUntil, deletionWarnedAt }: Suspended,
  { deleteAfterDays, warnDaysBefore }: DeletionRule,
  now: number,
): TimedDeletion | null {
  if (suspendedAt === null || deleteAfterDays === null) return null
  const planned = suspendedAt + deleteAfterDays * dayMs
  const warnMs = warnDaysBefore * dayMs
  const at = Math.max(planned, (deletionWarnedAt ?? now) + warnMs)
  // It is lifted before.
  if (suspendedUntil !== null && suspendedUntil <= at) return null
  return { at, warnFrom: planned - warnMs }
}
