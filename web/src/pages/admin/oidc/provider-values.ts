import type { ClaimRule, OidcProvider, oidcProviders } from '../../../../../contract/api/oidc.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'
import type { RoleId } from '../../../../../contract/ids.ts'

/** A rule in the form; no role is chosen yet where it is empty. */
export interface RuleValues {
  /** Tells rows apart while they are edited. */
  readonly key: string
  readonly claim: string
  readonly value: string
  readonly roleId: string
}

/** What the form of a provider holds. */
export interface ProviderValues {
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly isPublic: boolean
  readonly scopes: string
  readonly createsAccounts: boolean
  readonly enabled: boolean
  readonly claimRules: readonly RuleValues[]
}

export function valuesOf(saved: OidcProvider | null): ProviderValues {
  if (saved === null) return fresh
  const { name, issuer, clientId, hasSecret, scopes, createsAccounts, enabled, claimRules } = saved
  return {
    name,
    issuer,
    clientId,
    clientSecret: '',
    isPublic: !hasSecret,
    scopes,
    createsAccounts,
    enabled,
    claimRules: claimRules.map((rule, at) => ({ ...rule, key: String(at) })),
  }
}

const fresh: ProviderValues = {
  name: '',
  issuer: 'https://',
  clientId: '',
  clientSecret: '',
  isPublic: false,
  scopes: 'openid email profile',
  createsAccounts: false,
  enabled: true,
  claimRules: [],
}

/** The values as the API takes them; what it refuses it names by the same names. */
export function creationOf(values: ProviderValues): CallInput<typeof oidcProviders.create> {
  const { clientSecret, isPublic, claimRules, ...rest } = values
  const secret = isPublic ? {} : { clientSecret }
  return { ...rest, ...secret, claimRules: claimRules.map(ruleOf) }
}

/** A secret that was not typed stays as it is. */
export function changeOf(
  saved: OidcProvider,
  values: ProviderValues,
): CallInput<typeof oidcProviders.update> {
  const { issuer: _fixed, clientSecret, isPublic, claimRules, ...rest } = values
  const secret = isPublic ? { clientSecret: null } : clientSecret === '' ? {} : { clientSecret }
  return { providerId: saved.id, ...rest, ...secret, claimRules: claimRules.map(ruleOf) }
}

/** The schema of the API says whether the role is one. */
function ruleOf({ claim, value, roleId }: RuleValues): ClaimRule {
  return { claim, value, roleId: roleId as RoleId }
}
