import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { MailId } from '../../../contract/ids.ts'

/** What administrators have set for the whole panel; a key that is not there has its default. */
export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  value: text({ mode: 'json' }).$type<unknown>().notNull(),
  updatedAt: integer('updated_at').notNull(),
})

/** Mail on its way: written with what it tells of, sent until it was taken or given up. */
export const mails = sqliteTable(
  'mails',
  {
    id: text().$type<MailId>().primaryKey(),
    recipient: text().notNull(),
    subject: text().notNull(),
    /** Sealed, since it may hold a link that opens something; empty once it was sent or given up. */
    body: text().notNull(),
    state: text().$type<'waiting' | 'sent' | 'failed'>().notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: integer('next_attempt_at'),
    error: text(),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [index('mails_next').on(table.state, table.nextAttemptAt)],
)
export type MailRow = typeof mails.$inferSelect
