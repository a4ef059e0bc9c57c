import type { settings as endpoints } from '../../../contract/api/settings.ts'
import type { Output } from '../../../contract/endpoint.ts'
import type { MailId } from '../../../contract/ids.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import { type Ctx, newId } from '../context.ts'
import { openWay } from '../mail/way.ts'

/**
 * Past the queue, since the answer is what is asked for.
 * @throws `not_found` for a script, which has no address
 */
export async function testMail(ctx: Ctx): Promise<Output<typeof endpoints.testMail>> {
  const { email, name } = requirePerson(ctx)
  const opened = await openWay(ctx)
  await inTransaction(ctx.db, (tx) =>
    audit(tx, ctx, { action: 'settings.test_mail', target: null }),
  )
  if (opened.way === null) return { taken: false, said: opened.said }
  const { taken, said } = await ctx.mail.carry(opened.way, {
    id: newId<MailId>(ctx),
    from: opened.from,
    to: email,
    subject: 'Mail from your panel works',
    text: `Hello ${name},\n\nthis mail was sent to try the mail settings of ${ctx.request.origin}.\n`,
    at: ctx.clock.now(),
  })
  return { taken, said }
}
