import { and, eq, isNull } from 'drizzle-orm'
import type { ownership as endpoints, MadeInvite } from '../../../contract/api/sub-users.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { UserId } from '../../../contract/ids.ts'
import { presetPermissions } from '../../../contract/permissions.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { allow, holds } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { countInvite } from '../sub-users/count-invite.ts'
import { makeInvite } from '../sub-users/make-invite.ts'
import { allowNow } from '../sub-users/rights-now.ts'
import { closeConsolesOf, handOver } from './hand-over.ts'

type Given = Input<typeof endpoints.set>

/**
 * Whoever may give any server away does so at once. An owner makes an offer: a server, with what it costs
 * and what is on it, is pushed on nobody, and whether an address is an account's is told to nobody.
 * @throws `too_many_attempts` for offers
 */
export async function setOwner(ctx: Ctx, given: Given): Promise<Output<typeof endpoints.set>> {
  const server = await allow(ctx, 'server.set_owner', given.serverId)
  if (holds(ctx.caller, 'server.set_owner')) return giveAtOnce(ctx, given)
  return { ownerId: server.ownerId, offer: await offerServer(ctx, given) }
}

async function giveAtOnce(ctx: Ctx, given: Given) {
  const { newOwner, done } = await inTransaction(ctx.db, async (tx) => {
    const { server } = await allowNow(tx, ctx, 'server.set_owner', given.serverId)
    const newOwner = await findReceiver(tx, given)
    if (newOwner.id === server.ownerId) throw isTheirs(given)
    return { newOwner, done: await handOver(tx, ctx, { server, newOwner, kept: keptBy(given) }) }
  })
  await closeConsolesOf(ctx, done)
  return { ownerId: newOwner.id, offer: null }
}

async function offerServer(ctx: Ctx, given: Given): Promise<MadeInvite> {
  const { serverId, email } = given
  if (email === undefined) throw invalidField('ownerId', 'Name the new owner by e-mail.')
  await countInvite(ctx, email)
  return inTransaction(ctx.db, async (tx) => {
    const { server } = await allowNow(tx, ctx, 'server.set_owner', serverId)
    if (ctx.caller.kind === 'user' && ctx.caller.email === email) throw isTheirs(given)
    const permissions = keptBy(given)
    const made = await makeInvite(tx, ctx, { server, email, permissions, offersOwnership: true })
    await audit(tx, ctx, {
      action: 'server.offer',
      target: { type: 'server', id: serverId },
      after: { email, kept: permissions },
    })
    return made
  })
}

async function findReceiver(tx: Queries, { ownerId, email }: Given): Promise<{ id: UserId }> {
  const isMeant = ownerId === undefined ? eq(users.email, email ?? '') : eq(users.id, ownerId)
  const [found] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(isMeant, isNull(users.disabledAt)))
  if (found !== undefined) return found
  const message = 'There is no such account, or it is disabled.'
  throw invalidField(ownerId === undefined ? 'email' : 'ownerId', message)
}

function keptBy({ keepAccess }: Given) {
  return keepAccess ? presetPermissions('full') : []
}

function isTheirs({ ownerId }: Given) {
  return invalidField(ownerId === undefined ? 'email' : 'ownerId', 'It is theirs already.')
}
