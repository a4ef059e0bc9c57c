import { describe, expect, test } from 'vitest'
import { apiKeys } from '../../contract/api/api-keys.ts'
import { servers } from '../../contract/api/servers.ts'
import { listen } from '../support/event-reader.ts'
import type { World } from '../support/world.ts'
import { addKey, withKey } from '../support/world-keys.ts'

const upgrade = { upgrade: 'websocket', connection: 'Upgrade' }

describe('a stream of events with a key', () => {
  /** In how much time it has to be over. Milliseconds. */
  const soon = 2000
  const opened = async (change: Parameters<typeof addKey>[3] = {}) => {
    const { w, user, server } = await withKey()
    const key = await addKey(w, user.id, ['server.read'], change)
    const reader = await listen(key)
    await reader.block()
    await reader.block()
    return { w, user, server, key, reader }
  }

  test('ends when the key is deleted', async () => {
    const { user, key, reader } = await opened()
    const asked = performance.now()

    await user.call(apiKeys.delete, { apiKeyId: key.id })

    expect(await reader.event()).toBeNull()
    expect(performance.now() - asked).toBeLessThan(soon)
  })

  test('ends when the key may not be used from there any more', async () => {
    const { user, key, reader } = await opened()

    await user.call(apiKeys.update, { apiKeyId: key.id, addresses: ['203.0.113.1'] })

    expect(await reader.event()).toBeNull()
  })

  test('tells to look again when the key is narrowed, and then nothing of what it lost', async () => {
    const { w, user, server, key, reader } = await opened()

    await user.call(apiKeys.update, { apiKeyId: key.id, permissions: ['server.start'] })
    expect(await reader.event()).toEqual({ type: 'reset' })
    await user.call(servers.update, { serverId: server.id, name: 'Secret' })
    await w.deps.bell.ring()

    expect(await reader.block()).not.toContain('data:')
  })

  test('ends by itself when the key expires, though nothing happens', async () => {
    const { w, user } = await withKey()
    const lastsMs = 700
    const key = await addKey(w, user.id, ['server.read'], { expiresAt: w.clock.now() + lastsMs })
    const reader = await listen(key)
    await reader.block()
    await reader.block()
    const asked = performance.now()
    const next = reader.event()
    await new Promise(setImmediate) // the stream waits for something to happen

    w.clock.advance(lastsMs)

    expect(await next).toBeNull()
    expect(performance.now() - asked).toBeLessThan(soon)
  })
})

describe('a console with a key', () => {
  const open = async (w: World, serverId: string, key: string, expires?: number) => {
    const headers = { ...upgrade, 'x-api-key': key }
    return w.send(`/api/servers/${serverId}/socket`, {
      headers: expires === undefined ? headers : { ...headers, 'x-catalyst-expires': `${expires}` },
    })
  }

  test('opens, and its object learns when the key expires and never the key', async () => {
    const { w, user, server } = await withKey()
    const expiresAt = w.clock.now() + 5000
    const { key } = await addKey(w, user.id, ['console.read'], { expiresAt })
    const got: Request[] = []
    w.node(server.nodeId).answers.connect = (request) => {
      got.push(request)
      return new Response('taken')
    }

    expect(await (await open(w, server.id, key, 1)).text()).toBe('taken')

    expect(got[0]?.headers.get('x-catalyst-user')).toBe(user.id)
    expect(got[0]?.headers.get('x-catalyst-expires')).toBe(`${expiresAt}`)
    expect(JSON.stringify([...(got[0]?.headers ?? [])])).not.toContain(key)
  })

  test('is refused to a key without the scope or for another server', async () => {
    const { w, user, server } = await withKey()
    const other = await w.addServer({ ownerId: user.id })
    const blind = await addKey(w, user.id, ['server.read'])
    const elsewhere = await addKey(w, user.id, ['console.read'], { serverIds: [other.id] })

    expect((await open(w, server.id, blind.key)).status).toBe(403)
    expect((await open(w, server.id, elsewhere.key)).status).toBe(404)
  })

  test('that was opened while the key was deleted is closed', async () => {
    const { w, user, server, key } = await withKey()
    let removal = Promise.resolve({})
    w.node(server.nodeId).answers.connect = () => {
      removal = user.call(apiKeys.delete, { apiKeyId: key.id })
      return new Response('taken')
    }

    await open(w, server.id, key.key)
    await removal
    await w.settled()

    expect(w.node(server.nodeId).shownOut.length).toBeGreaterThan(0)
  })
})
