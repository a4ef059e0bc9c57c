import { eq, isNotNull } from 'drizzle-orm'
import type { settings as endpoints, Settings } from '../../../contract/api/settings.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { roles, userRoles } from '../../db/schema/rights.ts'
import { servers } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { requireHoldsAll } from '../users/rights-now.ts'
import { getSettings, toMailSettings } from './get.ts'
import { sealMail } from './seal-mail.ts'
import { readSettings, type StoredMail, type StoredSettings, writeSection } from './stored.ts'

/**
 * Sections that are given are set as a whole. Of secrets the log holds only that they were set.
 * @throws `invalid_input` for mail without the secret that it needs; `exceeds_your_rights` for another way of
 *   mail than before
 */
export async function updateSettings(
  ctx: Ctx,
  { mail, ...given }: Input<typeof endpoints.update>,
): Promise<Settings> {
  await inTransaction(ctx.db, async (tx) => {
    const before = await readSettings(tx)
    const mailAfter = mail === undefined ? before.mail : sealMail(ctx, before.mail, mail)
    if (changesWay(before.mail, mailAfter)) await requireMayReadMail(tx, ctx)
    const after = { ...withGiven(before, given), mail: mailAfter }
    if (mail !== undefined) await writeSection(tx, ctx, 'mail', after.mail)
    if (given.suspension !== undefined) await setSuspension(tx, ctx, before, after)
    if (given.audit !== undefined) await writeSection(tx, ctx, 'audit', after.audit)
    const changes = changesOf(told(before), told(after))
    const secret = mail !== undefined && hasSecret(mail) ? { mailSecret: 'set' } : {}
    await audit(tx, ctx, {
      action: 'settings.update',
      target: null,
      before: changes.before,
      after: { ...changes.after, ...secret },
    })
  })
  return getSettings(ctx)
}

/** A secret that is sealed anew differs too, and may be of another account there. */
function changesWay(before: StoredMail, after: StoredMail): boolean {
  return JSON.stringify(before) !== JSON.stringify(after)
}

/**
 * Whoever says where mail goes, and where links in it lead, can have the link to anybody's new password. So
 * they must hold all that any account holds by its roles.
 * @throws `exceeds_your_rights`
 */
async function requireMayReadMail(tx: Queries, { caller }: Ctx): Promise<void> {
  const held = await tx
    .selectDistinct({ builtin: roles.builtin, permissions: roles.permissions })
    .from(roles)
    .innerJoin(userRoles, eq(userRoles.roleId, roles.id))
  await requireHoldsAll(tx, caller, mergedPermissions(held))
}

/** Owners were warned of another day: whoever is still concerned is warned anew. */
async function setSuspension(
  tx: Queries,
  ctx: Ctx,
  before: StoredSettings,
  { suspension }: StoredSettings,
): Promise<void> {
  await writeSection(tx, ctx, 'suspension', suspension)
  const { deleteAfterDays, warnDaysBefore } = before.suspension
  const isSame =
    deleteAfterDays === suspension.deleteAfterDays && warnDaysBefore === suspension.warnDaysBefore
  if (isSame) return
  await tx
    .update(servers)
    .set({ deletionWarnedAt: null })
    .where(isNotNull(servers.deletionWarnedAt))
}

function told({ mail, ...rest }: StoredSettings) {
  return { mail: toMailSettings(mail), ...rest }
}

function hasSecret(mail: NonNullable<Input<typeof endpoints.update>['mail']>): boolean {
  return (
    ('key' in mail && mail.key !== undefined) || ('password' in mail && mail.password !== undefined)
  )
}
