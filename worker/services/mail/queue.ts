import * as z from 'zod'
import type { MailId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type MailRow, mails } from '../../db/schema/panel.ts'
import { type Deps, newId } from '../context.ts'

/** What a mail will say. */
const Content = z.discriminatedUnion('kind', [
  /** `until`: after that it is not worth sending, in milliseconds since 1970. */
  z.object({ kind: z.literal('text'), text: z.string(), until: z.number().nullable() }),
  /**
   * The link to a new password, if the address is an account's. It is found out when the mail is sent and
   * not when it is asked for, so that who asks learns nothing, not even by the time it takes.
   */
  z.object({ kind: z.literal('password_reset') }),
])
export type Content = z.infer<typeof Content>

export interface NewMail {
  /** An address as the contract has it: see `Email`. */
  readonly to: string
  readonly subject: string
  readonly text: string
  /** After that it is not worth sending, in milliseconds since 1970. */
  readonly until?: number
}

/**
 * Writes a mail in the transaction of what it tells of. It is sent once the request is answered, and again
 * by the watchdog until it was taken or given up.
 */
export function queueMail(tx: Queries, deps: Deps, mail: NewMail): Promise<MailId> {
  const { to, subject, text, until = null } = mail
  return queue(tx, deps, to, subject, { kind: 'text', text, until })
}

/** The same for a mail of which is not known yet whether there is anything to say. */
export async function queue(
  tx: Queries,
  deps: Deps,
  recipient: string,
  subject: string,
  content: Content,
): Promise<MailId> {
  const id = newId<MailId>(deps)
  const now = deps.clock.now()
  const body = sealContent(deps, id, content)
  const row = { id, recipient, subject, body, state: 'waiting', createdAt: now } as const
  await tx.insert(mails).values({ ...row, nextAttemptAt: now })
  deps.mail.written.push(id)
  return id
}

export function sealContent(deps: Deps, id: MailId, content: Content): string {
  return deps.secrets.seal(placeOf(id), JSON.stringify(content))
}

/** Null: it was sealed with a key that is not in the ring any more, or elsewhere. */
export function openContent(
  { secrets, log }: Deps,
  { id, body }: Pick<MailRow, 'id' | 'body'>,
): Content | null {
  try {
    return Content.parse(JSON.parse(secrets.open(placeOf(id), body)))
  } catch (error) {
    log.error('mail_not_opened', { mailId: id, reason: error instanceof Error ? error.name : '' })
    return null
  }
}

function placeOf(id: MailId) {
  return { table: 'mails', column: 'body', row: id } as const
}
