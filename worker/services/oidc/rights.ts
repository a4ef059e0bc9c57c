import { inArray } from 'drizzle-orm'
import type { Queries } from '../../db/client.ts'
import { roles } from '../../db/schema/rights.ts'
import type { ClaimRule } from '../../db/schema/sign-in.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Caller } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { requireHoldsAll, requireStillHolds } from '../users/rights-now.ts'

interface Gives {
  readonly claimRules: readonly ClaimRule[]
  readonly createsAccounts: boolean
}

/**
 * A provider's rules give roles, so who sets them, or changes who speaks for the provider, must hold all that
 * those roles hold; and who lets it make accounts must be one who may.
 * @throws `exceeds_your_rights`, `forbidden`
 */
export async function requireMayLetGive(
  db: Queries,
  caller: Caller,
  ...providers: readonly Gives[]
): Promise<void> {
  if (providers.some(({ createsAccounts }) => createsAccounts)) {
    await requireStillHolds(db, caller, 'user.create')
  }
  const rules = providers.flatMap(({ claimRules }) => claimRules)
  await requireHoldsAll(db, caller, mergedPermissions(await rolesOf(db, rules)))
}

/** @throws `invalid_input` for a rule that gives a role that is not there */
export async function requireRoles(db: Queries, rules: readonly ClaimRule[]): Promise<void> {
  const found = new Set((await rolesOf(db, rules)).map(({ id }) => String(id)))
  const isMissing = rules.some(({ roleId }) => !found.has(roleId))
  if (isMissing) throw invalidField('claimRules', 'A rule gives a role that does not exist.')
}

async function rolesOf(db: Queries, rules: readonly ClaimRule[]) {
  const ids = [...new Set(rules.map(({ roleId }) => roleId))]
  if (ids.length === 0) return []
  return db
    .select({ id: roles.id, builtin: roles.builtin, permissions: roles.permissions })
    .from(roles)
    .where(inArray(roles.id, ids))
}
