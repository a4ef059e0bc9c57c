import { inArray } from 'drizzle-orm'
import * as z from 'zod'
import { AuditSettings, MailChange, SuspensionSettings } from '../../../contract/api/settings.ts'
import type { Queries } from '../../db/client.ts'
import { settings } from '../../db/schema/panel.ts'
import type { Deps } from '../context.ts'

/** As the contract has it, with secrets sealed. */
const StoredMail = MailChange
export type StoredMail = z.infer<typeof StoredMail>

const sections = { mail: StoredMail, suspension: SuspensionSettings, audit: AuditSettings } as const
export type Section = keyof typeof sections

export type StoredSettings = { readonly [S in Section]: z.infer<(typeof sections)[S]> }

const defaults: StoredSettings = {
  mail: { transport: 'none' },
  suspension: { deletePolicy: null, deleteAfterDays: null, warnDaysBefore: 7 },
  audit: { keptDays: null },
}

/** What is set for the whole panel, and what holds where nothing is. */
export async function readSettings(db: Queries): Promise<StoredSettings> {
  const keys = Object.keys(sections)
  const rows = await db
    .select({ key: settings.key, value: settings.value })
    .from(settings)
    .where(inArray(settings.key, keys))
  const kept = Object.fromEntries(rows.map(({ key, value }) => [key, value]))
  return z.object(sections).parse({ ...defaults, ...kept })
}

export async function writeSection<S extends Section>(
  tx: Queries,
  { clock }: Pick<Deps, 'clock'>,
  key: S,
  value: StoredSettings[S],
): Promise<void> {
  const row = { value, updatedAt: clock.now() }
  await tx
    .insert(settings)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: settings.key, set: row })
}

/** Which secret of the settings a sealed text is. */
export function secretPlace(name: 'mail.key' | 'mail.password') {
  return { table: 'settings', column: 'value', row: name } as const
}
