import type { Deps, PanelPolicy } from '../context.ts'
import { readSettings, type StoredSettings } from './stored.ts'

/** What is decided for the whole panel: a setting wins over the environment. */
export async function readPolicy(deps: Pick<Deps, 'db' | 'policy'>): Promise<PanelPolicy> {
  return policyOf(deps.policy, await readSettings(deps.db))
}

export function policyOf(
  environment: PanelPolicy,
  { suspension, audit }: Pick<StoredSettings, 'suspension' | 'audit'>,
): PanelPolicy {
  return {
    ...environment,
    deleteWhileSuspended: suspension.deletePolicy ?? environment.deleteWhileSuspended,
    auditKeptDays: audit.keptDays ?? environment.auditKeptDays,
  }
}
