import type { Me, SignedIn } from '../../../contract/api/accounts.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { panelRights, serverRights } from '../../../contract/rules/rights.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { sessions } from '../../db/schema/accounts.ts'
import { factorsOf } from '../access.ts'
import { type Ctx, newToken, type Person } from '../context.ts'
import { iso } from '../iso.ts'
import { findSession } from './recognise.ts'

const day = 24 * 60 * 60 * 1000
const lastsMs = { remembered: 30 * day, other: 7 * day }

/** A session as its holder gets it, once. */
export interface NewSession {
  readonly token: string
  readonly tokenHash: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Writes a new session. Each sign-in makes one with a token of its own. */
export async function openSession(
  tx: Queries,
  ctx: Ctx,
  userId: UserId,
  remembered: boolean,
): Promise<NewSession> {
  const token = newToken(ctx)
  const now = ctx.clock.now()
  const expiresAt = now + (remembered ? lastsMs.remembered : lastsMs.other)
  const tokenHash = hashToken(token)
  await tx.insert(sessions).values({
    tokenHash,
    userId,
    createdAt: now,
    expiresAt,
    userAgent: ctx.request.userAgent,
    ip: ctx.request.ip,
  })
  return { token, tokenHash, expiresAt }
}

/** What a sign-in is answered with: the account as the new session has it, and the token, this once. */
export async function answerSignedIn(
  ctx: Ctx,
  { token }: Pick<NewSession, 'token'>,
): Promise<SignedIn> {
  const person = await findSession(ctx, token)
  if (person.kind !== 'user') throw new AppError('account_disabled') // disabled in this very moment
  return { ...toMe(person), token }
}

/** An account as its owner sees it. */
export function toMe(person: Person): Me {
  const { id, email, name, hasTwoFactor, mustSetUpTwoFactor } = person
  return {
    id,
    email,
    name,
    roles: [...person.roles],
    hasTwoFactor,
    disabledAt: null,
    createdAt: iso(person.createdAt),
    permissions: [...panelRights(factorsOf(person))],
    grants: Object.fromEntries(grantsOf(person)),
    mustSetUpTwoFactor,
  }
}

/** What others share with it, as far as the key goes that it came with. */
function grantsOf(person: Person): [string, Permission[]][] {
  const factors = { ...factorsOf(person), roles: [] }
  return [...person.grants.keys()]
    .map((id): [string, Permission[]] => [id, [...serverRights(factors, { id, ownerId: '' })]])
    .filter(([, rights]) => rights.length > 0)
}
