import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { Line } from '../text.ts'
import { Email } from './accounts.ts'

const Secret = Line.min(1).max(1000)
const DeletePolicy = z.enum(['block', 'allow'])

const sender = {
  fromAddress: Email.describe('What mail comes from.'),
  fromName: Line.trim().max(100).describe('Shown before the address.'),
  panelUrl: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[^\s/?#@\\]+$/, 'As in https://panel.example.com.')
    .describe('Where links in mail lead: what a request calls the panel may be anything.'),
}
const http = {
  transport: z.literal('http'),
  ...sender,
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => !/^\w+:\/+[^/?#]*@/.test(url), 'Leave user and password out of it.')
    .describe('Takes a POST of `{ from, to, subject, text }` with the key as bearer.'),
}
const smtp = {
  transport: z.literal('smtp'),
  ...sender,
  host: z
    .string()
    .trim()
    .toLowerCase()
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:.]*:[0-9a-f:.]*$/, 'A name or an address.'),
  port: z.int().min(1).max(65_535).describe('Mostly 465 for `tls`, 587 for `starttls`.'),
  security: z.enum(['tls', 'starttls']).describe('Nothing is sent unencrypted.'),
  user: Line.min(1).max(200).nullable().describe('Null: the server asks for no login.'),
}
const NoMail = z.object({ transport: z.literal('none') })

/** How mail goes out. What opens the way is never answered, only whether it is there. */
export const MailSettings = z
  .discriminatedUnion('transport', [
    NoMail,
    z.object({ ...http, hasKey: z.boolean() }),
    z.object({ ...smtp, hasPassword: z.boolean() }),
  ])
  .meta({ id: 'MailSettings' })
export type MailSettings = z.infer<typeof MailSettings>

/** A secret that is left out stays as it is, as long as it goes to whom it was given for. */
export const MailChange = z
  .discriminatedUnion('transport', [
    NoMail,
    z.object({ ...http, key: Secret.optional() }),
    z.object({ ...smtp, password: Secret.optional() }),
  ])
  .meta({ id: 'MailChange' })
export type MailChange = z.infer<typeof MailChange>

export const SuspensionSettings = z
  .object({
    deletePolicy: DeletePolicy.nullable().describe(
      'Whether owners may delete a suspended server; null: as the environment says.',
    ),
    deleteAfterDays: z
      .int()
      .min(1)
      .max(3650)
      .nullable()
      .describe('Servers that are suspended for so long are deleted; null: never.'),
    warnDaysBefore: z
      .int()
      .min(1)
      .max(365)
      .describe('Their owner is warned so long before; none is deleted without.'),
  })
  .refine(
    ({ deleteAfterDays, warnDaysBefore }) =>
      deleteAfterDays === null || warnDaysBefore <= deleteAfterDays,
    { path: ['warnDaysBefore'], message: 'That is longer than they stay suspended.' },
  )
  .meta({ id: 'SuspensionSettings' })
export type SuspensionSettings = z.infer<typeof SuspensionSettings>

export const AuditSettings = z
  .object({
    keptDays: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .describe('Days for which the audit log is kept; null: as the environment says.'),
  })
  .meta({ id: 'AuditSettings' })
export type AuditSettings = z.infer<typeof AuditSettings>

export const Settings = z
  .object({
    mail: MailSettings,
    suspension: SuspensionSettings,
    audit: AuditSettings,
    /** What holds where a setting is null. */
    environment: z.object({ deletePolicy: DeletePolicy, auditKeptDays: z.int() }),
    /** Mail that waits to be sent, and what was given up within the last week. */
    mailQueue: z.object({
      waiting: z.int(),
      failed: z.int(),
      lastError: z.string().nullable(),
    }),
  })
  .meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>

export const settings = {
  get: endpoint({
    method: 'GET',
    path: '/api/admin/settings',
    summary: 'Settings of the panel',
    tag: 'Settings',
    needs: 'settings.read',
    returns: Settings,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/admin/settings',
    summary: 'Change settings of the panel; a section that is left out stays as it is',
    tag: 'Settings',
    needs: 'settings.update',
    body: z
      .object({ mail: MailChange, suspension: SuspensionSettings, audit: AuditSettings })
      .partial(),
    returns: Settings,
  }),
  testMail: endpoint({
    method: 'POST',
    path: '/api/admin/settings/test-mail',
    summary: 'Send a mail to yourself, and hear what the mail server says',
    tag: 'Settings',
    needs: 'settings.update',
    returns: z.object({
      taken: z.boolean().describe('Whether the server has taken it.'),
      said: z.string().describe('What the server said, or what went wrong.'),
    }),
  }),
}
