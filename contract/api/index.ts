import type { Endpoint } from '../endpoint.ts'
import { accountLinks } from './account-links.ts'
import { auth, setup, users } from './accounts.ts'
import { agents } from './agents.ts'
import { allocations } from './allocations.ts'
import { allApiKeys, apiKeys } from './api-keys.ts'
import { audit } from './audit.ts'
import { bulk } from './bulk.ts'
import { locations, nodes } from './nodes.ts'
import { identities, oidc, oidcProviders } from './oidc.ts'
import { operations } from './operations.ts'
import { panel } from './panel.ts'
import { pools } from './pools.ts'
import { roles } from './roles.ts'
import { servers } from './servers.ts'
import { settings } from './settings.ts'
import { startup } from './startup.ts'
import { invites, ownership, subUsers } from './sub-users.ts'
import { templateDocuments } from './template-documents.ts'
import { templates } from './templates.ts'
import { passkeys, twoFactor } from './two-factor.ts'

/** The whole API. An endpoint's name is its group and its key: `servers.start`. */
export const api = {
  panel,
  setup,
  auth,
  users,
  accountLinks,
  roles,
  apiKeys,
  allApiKeys,
  audit,
  locations,
  nodes,
  pools,
  agents,
  templates,
  twoFactor,
  passkeys,
  templateDocuments,
  servers,
  allocations,
  startup,
  subUsers,
  ownership,
  invites,
  bulk,
  operations,
  settings,
  oidcProviders,
  oidc,
  identities,
}

export interface NamedEndpoint {
  readonly name: string
  readonly endpoint: Endpoint
}

/** Every endpoint with its name, in the order of the table. */
export function allEndpoints(): NamedEndpoint[] {
  return Object.entries(api).flatMap(([group, endpoints]) =>
    Object.entries(endpoints).map(([key, endpoint]) => ({ name: `${group}.${key}`, endpoint })),
  )
}
