import { TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth, setup, users } from '../../contract/api/accounts.ts'
import { agents } from '../../contract/api/agents.ts'
import { allApiKeys, apiKeys } from '../../contract/api/api-keys.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { settings } from '../../contract/api/settings.ts'
import { TemplateVariable } from '../../contract/api/template-fields.ts'
import { twoFactor } from '../../contract/api/two-factor.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { dumpTables } from '../support/dump-tables.ts'
import { smtp } from '../support/mail-settings.ts'
import { createWorld, operatorToken, type World } from '../support/world.ts'

test('[Q14] secrets are in no table in the clear, in no list and in no log', async () => {
  const w = await createWorld()
  const password = 'the-canary-password'
  const account = { email: 'first@example.org', name: 'First', password }
  const { token: setupToken } = await w.operator.call(setup.makeLink, {})
  const me = await w.anonymous.call(setup.finish, { token: setupToken, ...account })
  const { token: session } = await w.anonymous.call(auth.login, account)
  const admin = await anAdmin(w)
  const node = await admin.call(nodes.create, { name: 'N', publicAddress: 'n.example' })
  const { token: joinToken } = await admin.call(nodes.makeJoinToken, { nodeId: node.id })
  const machine = { publicKey: `${'k'.repeat(43)}=`, machineId: 'machine-0001' }
  await w.anonymous.call(agents.enroll, { token: joinToken, ...machine })
  const { id: templateId } = await w.addTemplate({
    variables: [TemplateVariable.parse({ name: 'RCON' })],
  })
  const rcon = 'the-canary-rcon'
  const server = await admin.call(servers.create, {
    ...{ name: 'S', templateId, nodeId: node.id, environment: { RCON: rcon } },
    ...{ allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 },
  })
  await admin.call(settings.update, { mail: smtp })
  w.mail.willTake()
  await admin.call(accountLinks.invite, { email: 'b@example.org', name: 'B' })
  await w.settled()
  const invite = w.mail.link().hash.slice(1)
  const login = await admin.call(accountLinks.makeLoginLink, { userId: admin.id })
  const loginToken = new URL(login.url).hash.slice(1)
  const { key: apiKey } = await admin.call(apiKeys.create, {
    name: 'A key',
    permissions: ['server.read'],
  })
  await w.send(servers.list.path, { headers: { 'x-api-key': apiKey } })
  await w.settled()
  const factor = await admin.call(twoFactor.beginTotp, { currentPassword: admin.password })
  const code = new TOTP({ secret: factor.secret }).generate({ timestamp: w.clock.now() })
  const { recoveryCodes } = await admin.call(twoFactor.confirmTotp, { code })
  const waiting = await w.anonymous.fails(auth.login, admin)
  await w.deps.db.$client.execute('DROP TABLE sessions')
  await w.anonymous.fails(auth.login, account)

  const tables = await dumpTables(w.deps.db, ['servers'])
  const secrets = [password, setupToken, session, me.token, joinToken, operatorToken]
  secrets.push(
    admin.password,
    smtp.password,
    invite,
    loginToken,
    apiKey,
    factor.secret,
    ...recoveryCodes,
  )
  secrets.push(...recoveryCodes.map((text) => text.replaceAll('-', '')), tokenIn(waiting.details))
  for (const secret of secrets) {
    expect(tables).not.toContain(secret)
    expect(w.logged.join()).not.toContain(secret)
  }
  expect(tables).not.toContain(rcon)
  expect(w.logged.join()).not.toContain(rcon)
  expect(w.logged.join()).toContain('request_failed')
  const lists = await Promise.all(
    [
      ...[servers.list.path, users.list.path, nodes.list.path],
      ...['/api/admin/audit-logs', settings.get.path, allApiKeys.list.path],
    ].map((path) => w.operator.send(path).then((answer) => answer.text())),
  )
  expect(lists.join()).toContain(server.id)
  for (const secret of [...secrets, rcon]) expect(lists.join()).not.toContain(secret)
  expect(lists.join()).not.toContain('scrypt')
})

async function anAdmin(w: World) {
  const password = 'another-canary-password'
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  return { ...(await w.admin({ passwordHash })), password }
}

function tokenIn(details: unknown): string {
  return z.object({ token: z.string() }).parse(details).token
}
