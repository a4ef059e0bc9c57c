import { lt } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { sessions, setupTokens } from '../../db/schema/accounts.ts'
import { joinTokens } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'

/** Deletes sessions and tokens that are of no use any more. */
export async function deleteExpired({ db, clock }: Deps): Promise<void> {
  const now = clock.now()
  await writeBatch(db, [
    db.delete(sessions).where(lt(sessions.expiresAt, now)),
    db.delete(setupTokens).where(lt(setupTokens.expiresAt, now)),
    db.delete(joinTokens).where(lt(joinTokens.expiresAt, now)),
  ])
}
