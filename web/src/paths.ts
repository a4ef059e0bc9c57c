import { generatePath } from 'react-router'
import { linkPages } from '../../contract/api/account-links.ts'
import { oidcCallbackPage } from '../../contract/api/oidc.ts'
import { serverInvitePage } from '../../contract/api/sub-users.ts'

/** Patterns of every page, as the router reads them. */
export const patterns = {
  setup: '/setup',
  serverInvite: serverInvitePage,
  signIn: '/sign-in',
  oidcCallback: oidcCallbackPage,
  forgotPassword: '/forgot-password',
  acceptInvite: linkPages.invite,
  newPassword: linkPages.passwordReset,
  loginLink: linkPages.loginLink,
  servers: '/servers',
  newServer: '/servers/new',
  server: '/servers/:serverId',
  serverStartup: '/servers/:serverId/startup',
  serverSettings: '/servers/:serverId/settings',
  serverOperations: '/servers/:serverId/operations',
  serverNetwork: '/servers/:serverId/network',
  serverUsers: '/servers/:serverId/users',
  serverActivity: '/servers/:serverId/activity',
  operations: '/operations',
  account: '/account',
  nodes: '/admin/nodes',
  newNode: '/admin/nodes/new',
  node: '/admin/nodes/:nodeId',
  templates: '/admin/templates',
  newTemplate: '/admin/templates/new',
  importTemplate: '/admin/templates/import',
  template: '/admin/templates/:templateId',
  updateTemplate: '/admin/templates/:templateId/update',
  editTemplate: '/admin/templates/:templateId/edit',
  locations: '/admin/locations',
  users: '/admin/users',
  roles: '/admin/roles',
  apiKeys: '/admin/api-keys',
  audit: '/admin/audit',
  settings: '/admin/settings',
  signInProviders: '/admin/sign-in-providers',
} as const

/** Every address inside the panel is made here. */
export const paths = {
  home: () => patterns.servers,
  setup: () => patterns.setup,
  serverInvite: () => patterns.serverInvite,
  signIn: (next?: string) =>
    next === undefined ? patterns.signIn : `${patterns.signIn}?next=${encodeURIComponent(next)}`,
  forgotPassword: () => patterns.forgotPassword,
  servers: (filters: { search?: string; node?: string; status?: string } = {}) =>
    withQuery(patterns.servers, filters),
  newServer: (from: { template?: string; node?: string } = {}) =>
    withQuery(patterns.newServer, from),
  server: (serverId: string) => generatePath(patterns.server, { serverId }),
  serverStartup: (serverId: string) => generatePath(patterns.serverStartup, { serverId }),
  serverSettings: (serverId: string) => generatePath(patterns.serverSettings, { serverId }),
  serverOperations: (serverId: string) => generatePath(patterns.serverOperations, { serverId }),
  serverNetwork: (serverId: string) => generatePath(patterns.serverNetwork, { serverId }),
  serverUsers: (serverId: string) => generatePath(patterns.serverUsers, { serverId }),
  serverActivity: (serverId: string) => generatePath(patterns.serverActivity, { serverId }),
  operations: (filters: { node?: string; state?: string } = {}) =>
    withQuery(patterns.operations, filters),
  account: () => patterns.account,
  nodes: () => patterns.nodes,
  newNode: () => patterns.newNode,
  node: (nodeId: string) => generatePath(patterns.node, { nodeId }),
  templates: () => patterns.templates,
  newTemplate: () => patterns.newTemplate,
  importTemplate: () => patterns.importTemplate,
  updateTemplate: (templateId: string) => generatePath(patterns.updateTemplate, { templateId }),
  template: (templateId: string) => generatePath(patterns.template, { templateId }),
  editTemplate: (templateId: string) => generatePath(patterns.editTemplate, { templateId }),
  /** The API's reference: a static page beside the panel. */
  apiDocs: () => '/api-docs/',
  locations: () => patterns.locations,
  users: () => patterns.users,
  roles: () => patterns.roles,
  apiKeys: (filters: { user?: string } = {}) => withQuery(patterns.apiKeys, filters),
  settings: () => patterns.settings,
  signInProviders: () => patterns.signInProviders,
  oidcCallback: () => patterns.oidcCallback,
  audit: (filters: { target?: string; action?: string } = {}) => withQuery(patterns.audit, filters),
}

/**
 * Where to go after signing in. Only an address of this panel is taken: anything else would let a link
 * send people to another site with our name on it.
 */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/')) return paths.home()
  const url = new URL(next, 'https://panel.invalid')
  return url.origin === 'https://panel.invalid' ? `${url.pathname}${url.search}` : paths.home()
}

function withQuery(path: string, fields: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value)
  return query.size === 0 ? path : `${path}?${query}`
}
