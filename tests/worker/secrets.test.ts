import { expect, test } from 'vitest'
import { auth, setup, users } from '../../contract/api/accounts.ts'
import { agents, nodes } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { TemplateVariable } from '../../contract/api/templates.ts'
import { createWorld, operatorToken } from '../support/world.ts'

test('[Q14] secrets are in no table in the clear, in no list and in no log', async () => {
  const w = await createWorld()
  const password = 'the-canary-password'
  const account = { email: 'first@example.org', name: 'First', password }
  const { token: setupToken } = await w.operator.call(setup.makeLink, {})
  const me = await w.anonymous.call(setup.finish, { token: setupToken, ...account })
  const { token: session } = await w.anonymous.call(auth.login, account)
  const admin = await w.admin()
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
  await w.deps.db.$client.execute('DROP TABLE sessions')
  await w.anonymous.fails(auth.login, account)

  const tables = await dump(w.deps.db.$client, ['servers'])
  const secrets = [password, setupToken, session, me.token, joinToken, operatorToken]
  for (const secret of secrets) {
    expect(tables).not.toContain(secret)
    expect(w.logged.join()).not.toContain(secret)
  }
  expect(tables).not.toContain(rcon)
  expect(w.logged.join()).not.toContain(rcon)
  expect(w.logged.join()).toContain('request_failed')
  const lists = await Promise.all(
    [servers.list.path, users.list.path, nodes.list.path, '/api/admin/audit-logs'].map((path) =>
      w.operator.send(path).then((answer) => answer.text()),
    ),
  )
  expect(lists.join()).toContain(server.id)
  for (const secret of [...secrets, rcon]) expect(lists.join()).not.toContain(secret)
  expect(lists.join()).not.toContain('scrypt')
})

type Client = Awaited<ReturnType<typeof createWorld>>['deps']['db']['$client']

/** Every row of every table but those named, as one text. */
async function dump(client: Client, except: readonly string[]): Promise<string> {
  const tables = await client.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
  const texts = tables.rows
    .map(({ name }) => String(name))
    .filter((name) => !except.includes(name))
    .map(async (name) => JSON.stringify((await client.execute(`SELECT * FROM "${name}"`)).rows))
  return (await Promise.all(texts)).join('\n')
}
