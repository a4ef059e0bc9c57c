import { and, count, desc, eq, gt } from 'drizzle-orm'
import type { MailSettings, Settings } from '../../../contract/api/settings.ts'
import type { Queries } from '../../db/client.ts'
import { mails } from '../../db/schema/panel.ts'
import type { Ctx } from '../context.ts'
import { readSettings, type StoredMail } from './stored.ts'

const failuresShownForMs = 7 * 24 * 3_600_000

export async function getSettings(ctx: Ctx): Promise<Settings> {
  const { mail, suspension, audit } = await readSettings(ctx.db)
  const { deleteWhileSuspended, auditKeptDays } = ctx.policy
  return {
    mail: toMailSettings(mail),
    suspension,
    audit,
    environment: { deletePolicy: deleteWhileSuspended, auditKeptDays },
    mailQueue: await readQueue(ctx.db, ctx.clock.now() - failuresShownForMs),
  }
}

/** What may be told of it: of secrets, that they are there. */
export function toMailSettings(mail: StoredMail): MailSettings {
  switch (mail.transport) {
    case 'none':
      return mail
    case 'http': {
      const { key, ...told } = mail
      return { ...told, hasKey: key !== undefined }
    }
    case 'smtp': {
      const { password, ...told } = mail
      return { ...told, hasPassword: password !== undefined }
    }
  }
}

async function readQueue(db: Queries, since: number): Promise<Settings['mailQueue']> {
  const isFailed = and(eq(mails.state, 'failed'), gt(mails.endedAt, since))
  const counted = (rows: readonly { total: number }[]) => rows[0]?.total ?? 0
  const [waiting, failed, [stuck], [last]] = await Promise.all([
    db.select({ total: count() }).from(mails).where(eq(mails.state, 'waiting')),
    db.select({ total: count() }).from(mails).where(isFailed),
    newestError(db, eq(mails.state, 'waiting')),
    newestError(db, isFailed),
  ])
  const lastError = stuck?.error ?? last?.error ?? null
  return { waiting: counted(waiting), failed: counted(failed), lastError }
}

function newestError(db: Queries, which: ReturnType<typeof and>) {
  return db
    .select({ error: mails.error })
    .from(mails)
    .where(which)
    .orderBy(desc(mails.createdAt))
    .limit(1)
}
