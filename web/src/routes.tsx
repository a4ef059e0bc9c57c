import type { ComponentType } from 'react'
import { Navigate, type RouteObject } from 'react-router'
import { paths, patterns } from './paths.ts'
import { later } from './ui/later.ts'

/** Every page there is. Each is loaded when it is first shown. */
export const routes: RouteObject[] = [
  { path: patterns.setup, element: page(() => import('./pages/account/set-up-page.tsx')) },
  {
    path: patterns.serverInvite,
    element: page(() => import('./pages/account/server-invite-page.tsx')),
  },
  { path: patterns.signIn, element: page(() => import('./pages/account/sign-in-page.tsx')) },
  {
    path: patterns.oidcCallback,
    element: page(() => import('./pages/account/oidc/callback-page.tsx')),
  },
  {
    path: patterns.forgotPassword,
    element: page(() => import('./pages/account/links/forgot-password-page.tsx')),
  },
  {
    path: patterns.acceptInvite,
    element: page(() => import('./pages/account/links/accept-invite-page.tsx')),
  },
  {
    path: patterns.newPassword,
    element: page(() => import('./pages/account/links/new-password-page.tsx')),
  },
  {
    path: patterns.loginLink,
    element: page(() => import('./pages/account/links/login-link-page.tsx')),
  },
  {
    element: page(() => import('./frame/shell.tsx')),
    children: [
      { path: '/', element: <Navigate to={paths.home()} replace /> },
      { path: patterns.servers, element: page(() => import('./pages/servers/servers-page.tsx')) },
      {
        path: patterns.newServer,
        element: page(() => import('./pages/servers/create/create-server-page.tsx')),
      },
      {
        path: patterns.server,
        element: page(() => import('./pages/server/server-frame.tsx')),
        children: [
          { index: true, element: page(() => import('./pages/server/console-page.tsx')) },
          {
            path: patterns.serverOperations,
            element: page(() => import('./pages/server/operations-page.tsx')),
          },
          {
            path: patterns.serverNetwork,
            element: page(() => import('./pages/server/network/network-page.tsx')),
          },
          {
            path: patterns.serverStartup,
            element: page(() => import('./pages/server/startup/startup-page.tsx')),
          },
          {
            path: patterns.serverUsers,
            element: page(() => import('./pages/server/users/users-page.tsx')),
          },
          {
            path: patterns.serverActivity,
            element: page(() => import('./pages/server/activity-page.tsx')),
          },
          {
            path: patterns.serverSettings,
            element: page(() => import('./pages/server/settings/settings-page.tsx')),
          },
        ],
      },
      {
        path: patterns.operations,
        element: page(() => import('./pages/operations/all-operations-page.tsx')),
      },
      { path: patterns.account, element: page(() => import('./pages/account/account-page.tsx')) },
      { path: patterns.nodes, element: page(() => import('./pages/admin/nodes/nodes-page.tsx')) },
      {
        path: patterns.newNode,
        element: page(() => import('./pages/admin/nodes/add-node-page.tsx')),
      },
      { path: patterns.node, element: page(() => import('./pages/admin/nodes/node-page.tsx')) },
      {
        path: patterns.templates,
        element: page(() => import('./pages/admin/templates/templates-page.tsx')),
      },
      {
        path: patterns.newTemplate,
        element: page(() => import('./pages/admin/templates/new-template-page.tsx')),
      },
      {
        path: patterns.importTemplate,
        element: page(() => import('./pages/admin/templates/import/import-page.tsx')),
      },
      {
        path: patterns.updateTemplate,
        element: page(() => import('./pages/admin/templates/import/update-page.tsx')),
      },
      {
        path: patterns.template,
        element: page(() => import('./pages/admin/templates/template-page.tsx')),
      },
      {
        path: patterns.editTemplate,
        element: page(() => import('./pages/admin/templates/edit-template-page.tsx')),
      },
      { path: patterns.locations, element: page(() => import('./pages/admin/locations-page.tsx')) },
      { path: patterns.users, element: page(() => import('./pages/admin/users/users-page.tsx')) },
      { path: patterns.roles, element: page(() => import('./pages/admin/roles/roles-page.tsx')) },
      {
        path: patterns.apiKeys,
        element: page(() => import('./pages/admin/api-keys-page.tsx')),
      },
      { path: patterns.audit, element: page(() => import('./pages/admin/audit-page.tsx')) },
      {
        path: patterns.settings,
        element: page(() => import('./pages/admin/settings/settings-page.tsx')),
      },
      {
        path: patterns.signInProviders,
        element: page(() => import('./pages/admin/oidc/providers-page.tsx')),
      },
      { path: '*', element: page(() => import('./pages/not-found-page.tsx')) },
    ],
  },
]

function page(load: () => Promise<{ readonly Component: ComponentType }>) {
  const Page = later(async () => (await load()).Component)
  return <Page />
}
