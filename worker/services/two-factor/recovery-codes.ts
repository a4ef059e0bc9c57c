import { and, eq, isNull } from 'drizzle-orm'
import type { UserId } from '../../../contract/ids.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { recoveryCodes } from '../../db/schema/sign-in.ts'
import type { Deps } from '../context.ts'

const count = 10
/** Crockford's Base32: 32 letters and digits of which none is taken for another. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/** Replaces an account's recovery codes. They are shown once and kept as hashes; each has 80 bits. */
export async function renewRecoveryCodes(
  tx: Queries,
  { rng }: Pick<Deps, 'rng'>,
  userId: UserId,
): Promise<string[]> {
  const codes = Array.from({ length: count }, () => codeFrom(rng.bytes(16)))
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  await tx
    .insert(recoveryCodes)
    .values(codes.map((code) => ({ userId, codeHash: hashToken(plain(code)) })))
  return codes
}

/** Uses a code up: of requests that race with it one succeeds. */
export async function spendRecoveryCode(
  tx: Queries,
  { clock }: Pick<Deps, 'clock'>,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const used = await tx
    .update(recoveryCodes)
    .set({ usedAt: clock.now() })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.codeHash, hashToken(plain(code))),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ codeHash: recoveryCodes.codeHash })
  return used.length > 0
}

/** Four groups of four. @param random 16 bytes, of which five bits each count */
function codeFrom(random: Uint8Array): string {
  const text = Array.from(random, (byte) => letters[byte & 31]).join('')
  return text.replaceAll(/(.{4})(?!$)/g, '$1-')
}

/** People leave out dashes, write capitals, and read an o for a zero and an l for a one. */
function plain(code: string): string {
  const text = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return text.replaceAll('o', '0').replaceAll(/[il]/g, '1')
}
