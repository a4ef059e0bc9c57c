import { eq } from 'drizzle-orm'
import type { auth, Me } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { closeWatchers } from './close-watchers.ts'
import { requirePerson } from './own-sessions.ts'
import { toMe } from './sessions.ts'

/** Consoles that are open come back by themselves, under the new name. */
export async function rename(ctx: Ctx, { name }: Input<typeof auth.rename>): Promise<Me> {
  const person = requirePerson(ctx)
  const { id } = person
  await inTransaction(ctx.db, async (tx) => {
    await tx.update(users).set({ name }).where(eq(users.id, id))
    await audit(tx, ctx, {
      action: 'auth.rename',
      target: { type: 'user', id },
      before: { name: person.name },
      after: { name },
    })
  })
  await closeWatchers(ctx, person)
  return toMe({ ...person, name })
}
