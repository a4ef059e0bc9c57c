import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { auth, users } from '../../contract/api/accounts.ts'
import { allApiKeys, apiKeyHeader, apiKeys } from '../../contract/api/api-keys.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { roles } from '../../contract/api/roles.ts'
import { servers } from '../../contract/api/servers.ts'
import { invites, subUsers } from '../../contract/api/sub-users.ts'
import { templates } from '../../contract/api/templates.ts'
import { eventsPath } from '../../contract/events.ts'
import type { RoleId, ServerId } from '../../contract/ids.ts'
import { builtinRoles, type Permission } from '../../contract/permissions.ts'
import type { FromBrowser } from '../../contract/protocol/console.ts'
import { type PanelCall, panelCaller } from '../../local/api.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'

/** In how much time whatever a right had opened has to be over. Milliseconds. */
const soon = 2000
const password = 'a long enough password'
const reads: Permission[] = ['server.read', 'console.read']

describe('a console and a stream of events that are open', () => {
  let stack: Stack
  let owner: PanelCall
  let serverId: ServerId

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    const created = await stack.call(users.create, {
      email: 'own@example.org',
      name: 'O',
      password,
    })
    owner = (await signIn('own@example.org')).call
    const node = await stack.call(nodes.create, { name: 'Away', publicAddress: 'node.example.org' })
    const { id: templateId } = await stack.call(templates.create, {
      ...{ name: 'Game', image: 'registry.example/game:1', startup: './game' },
    })
    const server = await stack.call(servers.create, {
      ...{ name: 'Trains', ownerId: created.id, nodeId: node.id, templateId },
      ...{ allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 },
    })
    serverId = server.id
  })
  afterAll(async () => {
    await stack.stop()
    removeStack(stack.dataDir)
  })

  async function signIn(email: string) {
    const { token } = await panelCaller(stack.url, '')(auth.login, { email, password })
    return { token, call: panelCaller(stack.url, token), headers: bearer(token) }
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  /** An account with whom the server is shared, or that has a role. */
  async function person(...roleIds: RoleId[]) {
    const email = `${crypto.randomUUID()}@example.org`
    const given = roleIds.length === 0 ? {} : { roleIds }
    const { id } = await stack.call(users.create, { email, name: 'Ann', password, ...given })
    const signedIn = { id, email, ...(await signIn(email)) }
    if (roleIds.length > 0) return signedIn
    const { url } = await owner(subUsers.invite, { serverId, email, permissions: reads })
    await signedIn.call(invites.accept, { token: new URL(url ?? 'no:link').hash.slice(1) })
    return signedIn
  }
  const keyOf = (who: { call: PanelCall }) =>
    who.call(apiKeys.create, { name: 'Script', permissions: reads })

  /** Opens both. What comes of a deed is told in milliseconds since it began; null: not soon. */
  async function opened(headers: Record<string, string>) {
    const address = new URL(`/api/servers/${serverId}/socket`, stack.url)
    address.protocol = 'ws:'
    const socket = new WebSocket(address, { headers })
    await once(socket, 'message')
    socket.send(JSON.stringify({ type: 'resume', afterSeq: 0 } satisfies FromBrowser))
    const response = await fetch(new URL(eventsPath, stack.url), { headers })
    const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    if (!response.ok || stream === undefined) throw new Error(`events: ${response.status}`)
    await stream.read()
    const toldToLookAgain = Promise.withResolvers<void>()
    const read = async () => {
      for (;;) {
        const { value, done } = await stream.read()
        if (done) return
        if (value.includes('"reset"')) toldToLookAgain.resolve()
      }
    }
    const ends = { closed: once(socket, 'close'), ended: read(), told: toldToLookAgain.promise }
    return async (deed: () => Promise<unknown>, ...asked: (keyof typeof ends)[]) => {
      const began = performance.now()
      const lasted = asked.map((end) =>
        Promise.race([
          ends[end].then(() => Math.round(performance.now() - began)),
          new Promise<null>((resolve) => setTimeout(resolve, soon, null)),
        ]),
      )
      await deed()
      const figures = await Promise.all(lasted)
      socket.terminate()
      await stream.cancel()
      return figures
    }
  }

  const over = expect.any(Number)

  test('end with the API key that opened them, however it came and whoever deletes it', async () => {
    const who = await person()
    for (const deletion of [apiKeys.delete, allApiKeys.revoke] as const) {
      const by = deletion === apiKeys.delete ? who.call : stack.call
      for (const headers of [(key: string) => ({ [apiKeyHeader]: key }), bearer]) {
        const { id, key } = await keyOf(who)
        const ends = await opened(headers(key))

        const lasted = await ends(() => by(deletion, { apiKeyId: id }), 'closed', 'ended')
        expect(lasted).toEqual([over, over])
      }
    }
  })

  test('end when the account is disabled, its password is changed or it signs out', async () => {
    const deeds: ((who: Awaited<ReturnType<typeof person>>) => Promise<unknown>)[] = [
      ({ id }) => stack.call(users.update, { userId: id, disabled: true }),
      ({ id }) => stack.call(users.update, { userId: id, password: 'quite another password' }),
      async ({ email }) => {
        const change = { currentPassword: password, newPassword: 'quite another password' }
        await (await signIn(email)).call(auth.changePassword, change)
      },
      ({ call }) => call(auth.logout, {}),
    ]
    for (const deed of deeds) {
      const who = await person()
      const ends = await opened(who.headers)

      expect(await ends(() => deed(who), 'closed', 'ended'), String(deed)).toEqual([over, over])
    }
  })

  test('lose what a right opened when it is taken away; a stream that goes on tells to look again', async () => {
    const role = await stack.call(roles.create, { name: 'Watch', permissions: reads })
    const [changed, removed] = [await person(), await person()]
    const [watch, support] = [await person(role.id), await person(builtinRoles.support.id)]
    const roleIds = [builtinRoles.user.id]
    const deeds = [
      [changed, () => owner(subUsers.update, { serverId, userId: changed.id, preset: 'power' })],
      [removed, () => owner(subUsers.delete, { serverId, userId: removed.id })],
      [watch, () => stack.call(roles.update, { roleId: role.id, permissions: ['server.read'] })],
      [support, () => stack.call(users.setRoles, { userId: support.id, roleIds })],
    ] as const
    for (const [who, deed] of deeds) {
      const ends = await opened(who.headers)

      expect(await ends(deed, 'closed', 'told'), String(deed)).toEqual([over, over])
    }
  })
})
