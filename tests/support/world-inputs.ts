import { strToU8, zipSync } from 'fflate'
import type { RoleId, UserId } from '../../contract/ids.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { hashPassword, hashToken } from '../../worker/crypto.ts'
import { setMeta } from '../../worker/db/meta.ts'
import { sessions, setupTokens, users } from '../../worker/db/schema/accounts.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { joinTokens } from '../../worker/db/schema/fleet.ts'
import { roles } from '../../worker/db/schema/rights.ts'
import { servers } from '../../worker/db/schema/servers.ts'
import { newId } from '../../worker/services/context.ts'
import { accountLinkInputs, settingsInputs } from './account-link-inputs.ts'
import { allocationInputs } from './allocation-inputs.ts'
import { apiKeyInputs } from './api-key-inputs.ts'
import { oidcInputs } from './oidc-inputs.ts'
import { poolInputs } from './pool-inputs.ts'
import { subUserInputs } from './sub-user-inputs.ts'
import { theCaller } from './the-caller.ts'
import { twoFactorInputs } from './two-factor-inputs.ts'
import type { World } from './world.ts'
import type { ServerChange } from './world-rows.ts'

/**
 * Makes, for each endpoint by name, an input that it accepts, and whatever has to be there before.
 * Servers belong to `owner`, and are as `server` says.
 */
export function validInputs(w: World, owner: UserId, server: ServerChange = {}) {
  const aServer = async (state: ServerChange['state'], wanted: 'running' | 'stopped') => {
    const made = await w.addServer({ ownerId: owner, state, wanted, ...server })
    const answers = w.node(made.nodeId).answers
    Object.assign(answers, { consoleTail: [], consoleHistory: [], lastSample: null })
    return { serverId: made.id }
  }
  const stopped = () => aServer('stopped', 'stopped')
  const running = () => aServer('running', 'running')
  const aNode = async () => ({ nodeId: (await w.addNode()).id })
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 }
  const template = { name: 'A template', image: 'registry.example/game:1', startup: './game' }
  const account = { email: 'new@example.org', name: 'New', password: 'a long password' }
  return {
    'panel.health': async () => ({}),
    'panel.demo': async () => ({}),
    'panel.wantDemo': async () => {
      await setMeta(w.deps.db, 'demo', JSON.stringify({ state: 'offered', message: null }))
      return {}
    },
    'panel.reportDemo': async () => ({ state: 'offered', message: null }),
    'setup.state': async () => ({}),
    'setup.makeLink': async () => ({}),
    'setup.finish': async () => {
      const token = 'a-setup-token'
      const times = { createdAt: 0, expiresAt: w.clock.now() + 1000 }
      await w.deps.db.insert(setupTokens).values({ tokenHash: hashToken(token), ...times })
      return { token, ...account }
    },
    'auth.login': async () => ({ email: 'nobody@example.org', password: 'wrong' }),
    'auth.logout': async () => ({}),
    'auth.me': async () => ({}),
    'auth.changePassword': async () => {
      const currentPassword = 'the password so far'
      const passwordHash = await hashPassword(currentPassword, w.deps.rng.bytes(16))
      await w.deps.db.update(users).set({ passwordHash })
      return { currentPassword, newPassword: 'quite another one' }
    },
    'auth.rename': async () => ({ name: 'Another name' }),
    'auth.sessions': async () => ({}),
    'auth.revokeSession': async () => ({ sessionId: await aSession(w) }),
    'users.list': async () => ({}),
    'users.create': async () => account,
    'users.update': async () => ({ userId: (await w.rows.user()).id, name: 'Other' }),
    ...twoFactorInputs(w),
    'users.setRoles': async () => ({
      userId: (await w.rows.user()).id,
      roleIds: [builtinRoles.support.id],
    }),
    'roles.list': async () => ({}),
    'roles.create': async () => ({ name: 'A role', permissions: ['node.read'] }),
    'roles.update': async () => ({ roleId: await aRole(w), description: 'Other' }),
    'roles.delete': async () => ({ roleId: await aRole(w) }),
    'users.delete': async () => ({ userId: (await w.rows.user()).id }),
    ...apiKeyInputs(w),
    'audit.list': async () => ({}),
    'audit.facets': async () => ({}),
    'audit.ofServer': stopped,
    'audit.own': async () => ({}),
    'locations.list': async () => ({}),
    'locations.create': async () => ({ name: 'A location' }),
    'locations.update': async () => ({ locationId: (await w.rows.location()).id, name: 'Other' }),
    'locations.delete': async () => ({ locationId: (await w.rows.location()).id }),
    'nodes.list': async () => ({}),
    'nodes.get': aNode,
    'nodes.create': async () => ({ name: 'A node', publicAddress: 'node.example.org' }),
    'nodes.update': async () => ({ ...(await aNode()), name: 'Other' }),
    'nodes.delete': aNode,
    'nodes.makeJoinToken': aNode,
    'nodes.revoke': aNode,
    'nodes.adopt': aNode,
    'nodes.allocations': aNode,
    'agents.enroll': async () => {
      const token = 'a-join-token'
      const times = { createdAt: 0, expiresAt: w.clock.now() + 1000 }
      const row = { tokenHash: hashToken(token), ...times, ...(await aNode()) }
      await w.deps.db.insert(joinTokens).values(row)
      return { token, publicKey: `${'b'.repeat(43)}=`, machineId: 'machine-0001' }
    },
    'templates.list': async () => ({}),
    'templates.get': async () => ({ templateId: (await w.addTemplate()).id }),
    'templates.create': async () => template,
    'templates.update': async () => ({ templateId: (await w.addTemplate()).id, author: 'Me' }),
    'templates.delete': async () => ({ templateId: (await w.addTemplate()).id }),
    'templateDocuments.import': async () => ({ content: JSON.stringify(template) }),
    'templateDocuments.fetch': async () => {
      const url = 'https://eggs.example/a.json'
      w.documents.pages.set(url, () => new Response(JSON.stringify(template)))
      return { url }
    },
    'templateDocuments.importArchive': async () => ({ archive: anArchive(template) }),
    'templateDocuments.export': async () => ({ templateId: (await w.addTemplate()).id }),
    'templateDocuments.compare': async () => ({
      templateId: (await w.addTemplate()).id,
      content: JSON.stringify(template),
    }),
    'templateDocuments.updateFrom': async () => ({
      templateId: (await w.addTemplate()).id,
      content: JSON.stringify(template),
      fields: ['author'],
    }),
    'servers.list': async () => ({}),
    'servers.get': stopped,
    'servers.create': async () => {
      const made = { nodeId: (await w.addNode()).id, templateId: (await w.addTemplate()).id }
      return { name: 'A server', ownerId: owner, ...made, ...limits }
    },
    'servers.update': async () => ({ ...(await stopped()), name: 'Other' }),
    'servers.resize': async () => ({ ...(await stopped()), allocatedMemoryMb: 1024 }),
    'startup.get': stopped,
    'startup.update': async () => ({ ...(await stopped()), image: null }),
    'servers.delete': stopped,
    'servers.start': stopped,
    'servers.stop': running,
    'servers.restart': running,
    'servers.kill': running,
    'servers.suspend': stopped,
    'servers.unsuspend': async () => {
      const { serverId } = await aServer('stopped', 'stopped')
      await w.deps.db.update(servers).set({ suspendedAt: w.clock.now() })
      return { serverId }
    },
    'servers.install': stopped,
    'servers.command': async () => ({ ...(await running()), command: 'say hello' }),
    ...allocationInputs(w, stopped),
    ...poolInputs(w),
    ...subUserInputs(w, stopped),
    ...accountLinkInputs(w),
    ...settingsInputs,
    ...oidcInputs(w),
    'bulk.servers': async () => {
      const { serverId } = await stopped()
      return { serverIds: [serverId], action: 'start' }
    },
    'servers.logs': running,
    'servers.stats': running,
    'operations.list': async () => ({}),
    'operations.listOfServer': stopped,
    'operations.get': async () => ({ operationId: await anOperation(w, owner, server) }),
    'operations.cancel': async () => ({ operationId: await anOperation(w, owner, server) }),
    'operations.retry': async () => {
      const failed = { state: 'failed', endedAt: w.clock.now() } as const
      const stoppedServer = { wanted: 'stopped', state: 'stopped', ...server } as const
      return { operationId: await anOperation(w, owner, stoppedServer, failed) }
    },
  } satisfies Record<string, () => Promise<Record<string, unknown>>>
}

/** A queued start on a server of `owner`, begun by somebody who is gone. */
async function anOperation(
  w: World,
  owner: UserId,
  change: ServerChange,
  operation: Partial<typeof operations.$inferInsert> = {},
) {
  const server = await w.addServer({ ownerId: owner, wanted: 'running', ...change })
  const id = newId<typeof operations.$inferSelect.id>(w.deps)
  await w.deps.db.insert(operations).values({
    id,
    kind: 'server.start',
    state: 'queued',
    serverId: server.id,
    serverName: server.name,
    nodeId: server.nodeId,
    nodeName: 'Node',
    actorKind: 'system',
    actorName: 'operator',
    generation: server.generation,
    createdAt: w.clock.now(),
    ...operation,
  })
  return id
}

/** A zip with one template, in base64. */
function anArchive(template: object): string {
  const zipped = zipSync({ 'a.json': strToU8(JSON.stringify(template)) })
  return Buffer.from(zipped).toString('base64')
}

async function aRole(w: World): Promise<RoleId> {
  const id = newId<RoleId>(w.deps)
  const times = { createdAt: w.clock.now(), updatedAt: w.clock.now() }
  const name = `Role ${id.slice(-4)}`
  await w.deps.db.insert(roles).values({ id, name, nameKey: name, permissions: [], ...times })
  return id
}

/** A second session of whoever signed in. */
async function aSession(w: World): Promise<string> {
  const caller = await theCaller(w)
  const tokenHash = hashToken('another session')
  const times = { createdAt: 0, expiresAt: w.clock.now() + 1000 }
  await w.deps.db.insert(sessions).values({ tokenHash, userId: caller.id, ...times })
  return hashToken(tokenHash).slice(0, 22)
}
