import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { createWorld, type World } from '../support/world.ts'

const upgrade = { upgrade: 'websocket', connection: 'Upgrade' }

/** Sets a node's object up to take one socket, and tells what it got. */
function takesSocket(w: World, nodeId: Parameters<World['node']>[0]) {
  const got: Request[] = []
  w.node(nodeId).answers.connect = (request) => {
    got.push(request)
    return new Response('taken')
  }
  return got
}

describe('an agent’s socket', () => {
  test('[N2] goes to its node’s object by the header alone, without a database', async () => {
    const w = await createWorld()
    const { id } = await w.addNode()
    const got = takesSocket(w, id)
    await w.database.stop()

    const headers = { ...upgrade, 'x-catalyst-node': id, 'x-catalyst-user': 'root', cookie: 'a=b' }
    const answer = await w.send('/api/agent/connect', { headers })

    expect(await answer.text()).toBe('taken')
    expect(new URL(got[0]?.url ?? '').pathname).toBe('/agent')
    expect(got[0]?.headers.get('x-catalyst-node')).toBe(id)
    expect(got[0]?.headers.has('x-catalyst-user')).toBe(false)
    expect(got[0]?.headers.has('cookie')).toBe(false)
  })

  test('needs an upgrade and a node’s id', async () => {
    const w = await createWorld()
    const { id } = await w.addNode()
    const send = async (headers: Record<string, string>) =>
      (await w.send('/api/agent/connect', { headers })).status

    expect(await send({ 'x-catalyst-node': id })).toBe(400)
    expect(await send(upgrade)).toBe(401)
    expect(await send({ ...upgrade, 'x-catalyst-node': '../../etc' })).toBe(401)
  })
})

describe('a browser’s socket', () => {
  test('goes to the object of the server’s node, which is told who it is', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const server = await w.addServer({ ownerId: owner.id })
    const got = takesSocket(w, server.nodeId)

    const forged = { 'x-catalyst-server': 'other', 'x-catalyst-user': 'root' }
    const path = `/api/servers/${server.id}/socket`
    const answer = await owner.send(path, { headers: { ...upgrade, ...forged } })

    expect(await answer.text()).toBe('taken')
    const headers = got[0]?.headers
    expect(new URL(got[0]?.url ?? '').pathname).toBe('/browser')
    expect(headers?.get('x-catalyst-node')).toBe(server.nodeId)
    expect(headers?.get('x-catalyst-server')).toBe(server.id)
    expect(headers?.get('x-catalyst-user')).toBe(owner.id)
    expect(headers?.has('authorization')).toBe(false)
  })

  test('lasts no longer than the session that opened it', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const server = await w.addServer({ ownerId: owner.id })
    const got = takesSocket(w, server.nodeId)
    const [session] = await owner.call(auth.sessions, {})

    await owner.send(`/api/servers/${server.id}/socket`, { headers: upgrade })

    const endsAt = Date.parse(session?.expiresAt ?? '')
    expect(got[0]?.headers.get('x-catalyst-expires')).toBe(`${endsAt}`)
  })

  test('needs a session, the server, and the right to its console', async () => {
    const w = await createWorld()
    const [owner, stranger] = [await w.user(), await w.user()]
    const server = await w.addServer({ ownerId: owner.id })
    const suspended = await w.addServer({ ownerId: owner.id, suspendedAt: 1 })
    const path = `/api/servers/${server.id}/socket`
    const open = async (person: typeof owner | typeof w.anonymous, to = path) =>
      (await person.send(to, { headers: upgrade })).status

    expect(await open(w.anonymous)).toBe(401)
    expect(await open(stranger)).toBe(404)
    expect(await open(owner, '/api/servers/nonsense/socket')).toBe(404)
    expect(await open(owner, `/api/servers/${suspended.id}/socket`)).toBe(423)
    expect((await owner.send(path)).status).toBe(400)
  })

  test('[S9] is not opened by a page of another site with the person’s cookie', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const server = await w.addServer({ ownerId: owner.id })
    takesSocket(w, server.nodeId)
    const cookie = `__Host-catalyst=${owner.token}`
    const open = async (headers: Record<string, string>) =>
      (await w.send(`/api/servers/${server.id}/socket`, { headers: { ...upgrade, ...headers } }))
        .status

    expect(await open({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await open({ cookie })).toBe(403)
    expect(await open({ cookie, origin: 'http://localhost' })).toBe(200)
  })
})

describe('what a machine fetches that becomes a node', () => {
  test('comes from the built panel', async () => {
    const w = await createWorld()
    w.files.set('/install.sh', '#!/bin/sh')
    w.files.set('/agent/agent.mjs', 'console.log(1)')

    for (const [path, text] of w.files) {
      const answer = await w.send(path)
      expect(await answer.text()).toBe(text)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('is never the panel’s page: a shell must not run that', async () => {
    const w = await createWorld()
    for (const path of ['/install.sh', '/agent/other.mjs']) {
      expect((await w.send(path)).status).toBe(404)
    }
  })
})
