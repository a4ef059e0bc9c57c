import { and, eq, lt } from 'drizzle-orm'
import type { UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { totpSecrets } from '../../db/schema/sign-in.ts'
import type { Deps } from '../context.ts'
import { spendRecoveryCode } from './recovery-codes.ts'
import { stepOf } from './totp.ts'

type Tools = Pick<Deps, 'clock' | 'secrets'>

/** Which kind of code it was; null: it opens nothing. */
export type TakenCode = 'totp' | 'recovery_code' | null

/** Takes a code of an account's app, or a recovery code. Either is good once [S8]. */
export async function takeCode(
  tx: Queries,
  deps: Tools,
  userId: UserId,
  code: string,
): Promise<TakenCode> {
  const digits = code.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(digits)) return (await takeTotp(tx, deps, userId, digits)) ? 'totp' : null
  return (await spendRecoveryCode(tx, deps, userId, code)) ? 'recovery_code' : null
}

/** Marks the code's time step as used, unless it or a later one was. */
async function takeTotp(
  tx: Queries,
  { clock, secrets }: Tools,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const [row] = await tx.select().from(totpSecrets).where(eq(totpSecrets.userId, userId))
  if (row === undefined) return false
  const step = stepOf(secrets.open(secretPlace(userId), row.secret), code, clock.now())
  if (step === null) return false
  const taken = await tx
    .update(totpSecrets)
    .set({ lastStep: step })
    .where(and(eq(totpSecrets.userId, userId), lt(totpSecrets.lastStep, step)))
    .returning({ userId: totpSecrets.userId })
  return taken.length > 0
}

/** Where an account's secret is sealed. */
export function secretPlace(userId: UserId) {
  return { table: 'totp_secrets', column: 'secret', row: userId }
}
