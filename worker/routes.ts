import { accountLinks } from '../contract/api/account-links.ts'
import { auth, setup, users } from '../contract/api/accounts.ts'
import { agents } from '../contract/api/agents.ts'
import { allocations } from '../contract/api/allocations.ts'
import { allApiKeys, apiKeys } from '../contract/api/api-keys.ts'
import { audit } from '../contract/api/audit.ts'
import { bulk } from '../contract/api/bulk.ts'
import { locations, nodes } from '../contract/api/nodes.ts'
import { identities, oidc, oidcProviders } from '../contract/api/oidc.ts'
import { operations } from '../contract/api/operations.ts'
import { panel } from '../contract/api/panel.ts'
import { pools } from '../contract/api/pools.ts'
import { roles } from '../contract/api/roles.ts'
import { servers } from '../contract/api/servers.ts'
import { settings } from '../contract/api/settings.ts'
import { startup } from '../contract/api/startup.ts'
import { invites, ownership, subUsers } from '../contract/api/sub-users.ts'
import { templateDocuments } from '../contract/api/template-documents.ts'
import { templates } from '../contract/api/templates.ts'
import { passkeys, twoFactor } from '../contract/api/two-factor.ts'
import { type Api, mount, mountList } from './http/mount.ts'
import {
  acceptAccountInvite,
  previewAccountInvite,
} from './services/account-links/accept-invite.ts'
import { inviteAgain, inviteUser } from './services/account-links/invite.ts'
import { makeLoginLink, useLoginLink } from './services/account-links/login-link.ts'
import {
  askPasswordReset,
  finishPasswordReset,
  makePasswordReset,
} from './services/account-links/password-reset.ts'
import { createAllocation } from './services/allocations/create.ts'
import { deleteAllocation } from './services/allocations/delete.ts'
import { listServerAllocations } from './services/allocations/list.ts'
import { makePrimary } from './services/allocations/make-primary.ts'
import { listOffers } from './services/allocations/offers.ts'
import { updateAllocation } from './services/allocations/update.ts'
import { createApiKey } from './services/api-keys/create.ts'
import { listAllApiKeys, revokeApiKey } from './services/api-keys/of-all.ts'
import { deleteApiKey, listApiKeys, updateApiKey } from './services/api-keys/own.ts'
import { auditFacets } from './services/audit-log/facets.ts'
import { listActivityOfServer, listAudit, listOwnActivity } from './services/audit-log/list.ts'
import { changePassword } from './services/auth/change-password.ts'
import { login } from './services/auth/login.ts'
import { logout } from './services/auth/logout.ts'
import { me } from './services/auth/me.ts'
import { listSessions, revokeSession } from './services/auth/own-sessions.ts'
import { rename } from './services/auth/rename.ts'
import { createLocation } from './services/locations/create.ts'
import { deleteLocation } from './services/locations/delete.ts'
import { listLocations } from './services/locations/list.ts'
import { updateLocation } from './services/locations/update.ts'
import { adoptNode } from './services/nodes/adopt.ts'
import { listAllocations } from './services/nodes/allocations.ts'
import { createNode } from './services/nodes/create.ts'
import { deleteNode } from './services/nodes/delete.ts'
import { enroll } from './services/nodes/enroll.ts'
import { getNode, listNodes } from './services/nodes/list.ts'
import { makeJoinToken } from './services/nodes/make-join-token.ts'
import { revokeNode } from './services/nodes/revoke.ts'
import { updateNode } from './services/nodes/update.ts'
import { updateNodeAllocation } from './services/nodes/update-allocation.ts'
import { beginSignIn } from './services/oidc/begin.ts'
import { createProvider } from './services/oidc/create-provider.ts'
import { deleteProvider } from './services/oidc/delete-provider.ts'
import { finishProviderSignIn } from './services/oidc/finish.ts'
import { listIdentities, unlinkIdentity } from './services/oidc/identities.ts'
import { beginLink, finishLink } from './services/oidc/link.ts'
import { listEnabled, listProviders } from './services/oidc/list-providers.ts'
import { testProvider } from './services/oidc/test-provider.ts'
import { updateProvider } from './services/oidc/update-provider.ts'
import { cancelOperation } from './services/operations/cancel.ts'
import { getOperation } from './services/operations/get.ts'
import { listOperations, listOperationsOfServer } from './services/operations/list.ts'
import { retryOperation } from './services/operations/retry.ts'
import { readDemo, reportDemo, wantDemo } from './services/panel/demo.ts'
import { health } from './services/panel/health.ts'
import { removePasskey, renamePasskey } from './services/passkeys/own-passkeys.ts'
import { addPasskey, beginPasskey } from './services/passkeys/register.ts'
import { beginPasskeySignIn, signInByPasskey } from './services/passkeys/sign-in.ts'
import { createPools } from './services/pools/create.ts'
import { deletePool } from './services/pools/delete.ts'
import { listPools } from './services/pools/list.ts'
import { updatePool } from './services/pools/update.ts'
import { createRole } from './services/roles/create.ts'
import { deleteRole } from './services/roles/delete.ts'
import { listRoles } from './services/roles/list.ts'
import { updateRole } from './services/roles/update.ts'
import { actOnServers } from './services/servers/bulk.ts'
import { sendCommand } from './services/servers/command.ts'
import { readLogs, readStats } from './services/servers/console.ts'
import { createServer } from './services/servers/create.ts'
import { deleteServer } from './services/servers/delete.ts'
import { getServer } from './services/servers/detail.ts'
import { installServer } from './services/servers/install.ts'
import { listServers } from './services/servers/list.ts'
import { killServer, restartServer, startServer, stopServer } from './services/servers/power.ts'
import { resizeServer } from './services/servers/resize.ts'
import { setOwner } from './services/servers/set-owner.ts'
import { getStartup, updateStartup } from './services/servers/startup.ts'
import { suspendServer, unsuspendServer } from './services/servers/suspend.ts'
import { updateServer } from './services/servers/update.ts'
import { getSettings } from './services/settings/get.ts'
import { testMail } from './services/settings/test-mail.ts'
import { updateSettings } from './services/settings/update.ts'
import { finishSetup } from './services/setup/finish.ts'
import { makeSetupLink } from './services/setup/make-link.ts'
import { setupState } from './services/setup/state.ts'
import { acceptServerInvite } from './services/sub-users/accept-invite.ts'
import { deleteSubUser } from './services/sub-users/delete.ts'
import { inviteSubUser } from './services/sub-users/invite.ts'
import { listSubUsers } from './services/sub-users/list.ts'
import { previewServerInvite } from './services/sub-users/preview-invite.ts'
import { registerByInvite } from './services/sub-users/register-by-invite.ts'
import { revokeInvite } from './services/sub-users/revoke-invite.ts'
import { updateSubUser } from './services/sub-users/update.ts'
import { createTemplate } from './services/templates/create.ts'
import { deleteTemplate } from './services/templates/delete.ts'
import { exportTemplate } from './services/templates/export.ts'
import { fetchDocument } from './services/templates/fetch.ts'
import { importTemplate } from './services/templates/import.ts'
import { importArchive } from './services/templates/import-archive.ts'
import { getTemplate, listTemplates } from './services/templates/list.ts'
import { updateTemplate } from './services/templates/update.ts'
import { compareTemplate, updateTemplateFrom } from './services/templates/update-from.ts'
import { readOwnFactors } from './services/two-factor/own-factors.ts'
import { resetTwoFactor } from './services/two-factor/reset.ts'
import { secondStep } from './services/two-factor/second-step.ts'
import { beginTotp, confirmTotp, removeTotp, renewOwnCodes } from './services/two-factor/set-up.ts'
import { createUser } from './services/users/create.ts'
import { deleteUser } from './services/users/delete.ts'
import { listUsers } from './services/users/list.ts'
import { setUserRoles } from './services/users/roles.ts'
import { updateUser } from './services/users/update.ts'

/** The whole API: which verb answers which endpoint. */
export function mountAll(app: Api): void {
  mount(app, panel.health, health)
  mount(app, panel.demo, readDemo)
  mount(app, panel.wantDemo, wantDemo)
  mount(app, panel.reportDemo, reportDemo)

  mount(app, setup.state, setupState)
  mount(app, setup.makeLink, makeSetupLink)
  mount(app, setup.finish, finishSetup)

  mount(app, auth.login, login)
  mount(app, auth.logout, logout)
  mount(app, auth.me, me)
  mount(app, auth.changePassword, changePassword)
  mount(app, auth.rename, rename)
  mount(app, auth.sessions, listSessions)
  mount(app, auth.revokeSession, revokeSession)

  mount(app, twoFactor.state, readOwnFactors)
  mount(app, twoFactor.beginTotp, beginTotp)
  mount(app, twoFactor.confirmTotp, confirmTotp)
  mount(app, twoFactor.removeTotp, removeTotp)
  mount(app, twoFactor.renewRecoveryCodes, renewOwnCodes)
  mount(app, twoFactor.secondStep, secondStep)
  mount(app, twoFactor.reset, resetTwoFactor)
  mount(app, passkeys.begin, beginPasskey)
  mount(app, passkeys.add, addPasskey)
  mount(app, passkeys.rename, renamePasskey)
  mount(app, passkeys.remove, removePasskey)
  mount(app, passkeys.beginSignIn, beginPasskeySignIn)
  mount(app, passkeys.signIn, signInByPasskey)

  mountList(app, users.list, listUsers)
  mount(app, users.create, createUser)
  mount(app, users.update, updateUser)
  mount(app, users.setRoles, setUserRoles)
  mount(app, users.delete, deleteUser)
  mount(app, accountLinks.invite, inviteUser)
  mount(app, accountLinks.inviteAgain, inviteAgain)
  mount(app, accountLinks.previewInvite, previewAccountInvite)
  mount(app, accountLinks.acceptInvite, acceptAccountInvite)
  mount(app, accountLinks.makePasswordReset, makePasswordReset)
  mount(app, accountLinks.askPasswordReset, askPasswordReset)
  mount(app, accountLinks.finishPasswordReset, finishPasswordReset)
  mount(app, accountLinks.makeLoginLink, makeLoginLink)
  mount(app, accountLinks.useLoginLink, useLoginLink)
  mount(app, roles.list, listRoles)
  mount(app, roles.create, createRole)
  mount(app, roles.update, updateRole)
  mount(app, roles.delete, deleteRole)
  mount(app, apiKeys.list, listApiKeys)
  mount(app, apiKeys.create, createApiKey)
  mount(app, apiKeys.update, updateApiKey)
  mount(app, apiKeys.delete, deleteApiKey)
  mountList(app, allApiKeys.list, listAllApiKeys)
  mount(app, allApiKeys.revoke, revokeApiKey)
  mountList(app, audit.list, listAudit)
  mount(app, audit.facets, auditFacets)
  mountList(app, audit.ofServer, listActivityOfServer)
  mountList(app, audit.own, listOwnActivity)

  mount(app, locations.list, listLocations)
  mount(app, locations.create, createLocation)
  mount(app, locations.update, updateLocation)
  mount(app, locations.delete, deleteLocation)

  mount(app, nodes.list, listNodes)
  mount(app, nodes.get, getNode)
  mount(app, nodes.create, createNode)
  mount(app, nodes.update, updateNode)
  mount(app, nodes.delete, deleteNode)
  mount(app, nodes.makeJoinToken, makeJoinToken)
  mount(app, nodes.revoke, revokeNode)
  mount(app, nodes.adopt, adoptNode)
  mount(app, nodes.allocations, listAllocations)
  mount(app, nodes.updateAllocation, updateNodeAllocation)
  mount(app, pools.list, listPools)
  mount(app, pools.create, createPools)
  mount(app, pools.update, updatePool)
  mount(app, pools.delete, deletePool)
  mount(app, agents.enroll, enroll)

  mount(app, templates.list, listTemplates)
  mount(app, templates.get, getTemplate)
  mount(app, templates.create, createTemplate)
  mount(app, templates.update, updateTemplate)
  mount(app, templates.delete, deleteTemplate)
  mount(app, templateDocuments.import, importTemplate)
  mount(app, templateDocuments.fetch, fetchDocument)
  mount(app, templateDocuments.importArchive, importArchive)
  mount(app, templateDocuments.export, exportTemplate)
  mount(app, templateDocuments.compare, compareTemplate)
  mount(app, templateDocuments.updateFrom, updateTemplateFrom)

  mountList(app, servers.list, listServers)
  mount(app, servers.get, getServer)
  mount(app, servers.create, createServer)
  mount(app, servers.update, updateServer)
  mount(app, servers.resize, resizeServer)
  mount(app, startup.get, getStartup)
  mount(app, startup.update, updateStartup)
  mount(app, servers.delete, deleteServer)
  mount(app, servers.start, startServer)
  mount(app, servers.stop, stopServer)
  mount(app, servers.restart, restartServer)
  mount(app, servers.kill, killServer)
  mount(app, servers.suspend, suspendServer)
  mount(app, servers.unsuspend, unsuspendServer)
  mount(app, servers.install, installServer)
  mount(app, servers.command, sendCommand)
  mount(app, servers.logs, readLogs)
  mount(app, servers.stats, readStats)

  mount(app, allocations.list, listServerAllocations)
  mount(app, allocations.offers, listOffers)
  mount(app, allocations.create, createAllocation)
  mount(app, allocations.update, updateAllocation)
  mount(app, allocations.delete, deleteAllocation)
  mount(app, allocations.makePrimary, makePrimary)

  mount(app, subUsers.list, listSubUsers)
  mount(app, subUsers.update, updateSubUser)
  mount(app, subUsers.delete, deleteSubUser)
  mount(app, subUsers.invite, inviteSubUser)
  mount(app, subUsers.revokeInvite, revokeInvite)
  mount(app, ownership.set, setOwner)
  mount(app, invites.preview, previewServerInvite)
  mount(app, invites.accept, acceptServerInvite)
  mount(app, invites.register, registerByInvite)

  mount(app, bulk.servers, actOnServers)

  mountList(app, operations.list, listOperations)
  mountList(app, operations.listOfServer, listOperationsOfServer)
  mount(app, operations.get, getOperation)
  mount(app, operations.cancel, cancelOperation)
  mount(app, operations.retry, retryOperation)

  mount(app, settings.get, getSettings)
  mount(app, settings.update, updateSettings)
  mount(app, settings.testMail, testMail)

  mount(app, oidcProviders.list, listProviders)
  mount(app, oidcProviders.create, createProvider)
  mount(app, oidcProviders.update, updateProvider)
  mount(app, oidcProviders.delete, deleteProvider)
  mount(app, oidcProviders.test, testProvider)
  mount(app, oidc.providers, listEnabled)
  mount(app, oidc.begin, beginSignIn)
  mount(app, oidc.finish, finishProviderSignIn)
  mount(app, identities.list, listIdentities)
  mount(app, identities.begin, beginLink)
  mount(app, identities.finish, finishLink)
  mount(app, identities.unlink, unlinkIdentity)
}
