import { describe, expect, test } from 'vitest'
import { servers } from '../../contract/api/servers.ts'
import { invites, ownership, subUsers } from '../../contract/api/sub-users.ts'
import type { PanelEvent } from '../../contract/events.ts'
import { applyEvents } from '../../worker/services/ledger/apply.ts'
import { eventOf, listen, type Reader } from '../support/event-reader.ts'
import type { Client } from '../support/world-client.ts'
import { sharedServer } from './shared-server.ts'

/** In how much time a right that was taken away has to be gone everywhere. Milliseconds. */
const soon = 2000

async function opened(who: Client): Promise<Reader> {
  const reader = await listen(who)
  await reader.block()
  await reader.block()
  return reader
}

/** Waits for an event, which has to come soon after now. */
async function hears<Type extends PanelEvent['type']>(reader: Reader, type: Type) {
  const asked = performance.now()
  const event = await eventOf(reader, type)
  expect(performance.now() - asked).toBeLessThan(soon)
  return event
}

describe('an open stream of events', () => {
  test('tells a new sub-user to look again, and then of the server', async () => {
    const { w, owner, serverId, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)
    const reader = await opened(guest)

    await guest.call(invites.accept, { token })
    await hears(reader, 'reset')
    await owner.call(servers.update, { serverId, name: 'Renamed' })

    expect((await hears(reader, 'server')).server.name).toBe('Renamed')
  })

  test('tells a sub-user whose rights change, and nobody else', async () => {
    const { owner, serverId, subUser } = await sharedServer()
    const [guest, other] = [await subUser(), await subUser()]
    const [theirs, others] = [await opened(guest), await opened(other)]

    await owner.call(subUsers.update, { serverId, userId: guest.id, preset: 'power' })

    await hears(theirs, 'reset')
    expect(await others.block()).not.toContain('data:')
  })

  test('tells a sub-user who is removed that the server is gone, and of it nothing more', async () => {
    const { w, owner, serverId, subUser } = await sharedServer()
    const guest = await subUser()
    const reader = await opened(guest)

    await owner.call(subUsers.delete, { serverId, userId: guest.id })
    const gone = await hears(reader, 'server_gone')
    await hears(reader, 'reset')
    await owner.call(servers.update, { serverId, name: 'Secret' })
    await w.deps.bell.ring()

    expect(gone).toEqual({ type: 'server_gone', serverId })
    expect(await reader.block()).not.toContain('data:')
  })

  test('tells the old owner that the server is gone, and the new one that it is there', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    const next = await w.user()
    const [old, young] = [await opened(owner), await opened(next)]

    await admin.call(ownership.set, { serverId, ownerId: next.id })

    expect(await hears(old, 'server_gone')).toEqual({ type: 'server_gone', serverId })
    const told = [await young.event(), await young.event()]
    expect(told).toContainEqual({ type: 'reset' })
    expect(told.find((event) => event?.type === 'server')).toMatchObject({
      server: { id: serverId, ownerId: next.id },
    })
  })

  test('tells an old owner who stays to look again, and not that it is gone', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    const next = await w.user()
    const reader = await opened(owner)

    await admin.call(ownership.set, { serverId, ownerId: next.id, keepAccess: true })

    const told = [await reader.event(), await reader.event()].map((event) => event?.type)
    expect(told.sort()).toEqual(['reset', 'server'])
  })

  test('tells sub-users that a server was deleted', async () => {
    const { w, owner, serverId, nodeId, subUser } = await sharedServer()
    const reader = await opened(await subUser())
    await owner.call(servers.delete, { serverId })
    const at = new Date(w.clock.now()).toISOString()

    await applyEvents(w.deps, nodeId, [{ eventNo: 1, at, type: 'server.removed', serverId }])
    await w.deps.bell.ring()

    expect(await hears(reader, 'server_gone')).toEqual({ type: 'server_gone', serverId })
  })
})

test('a reader who was away while their rights changed hears of it when they come back', async () => {
  const { w, owner, admin, serverId, subUser } = await sharedServer()
  const [removed, changed, next] = [await subUser(), await subUser(), await w.user()]
  const away = await Promise.all(
    [removed, changed, owner].map(async (who) => {
      const reader = await opened(who)
      await reader.cancel()
      return reader.lastId
    }),
  )

  await owner.call(subUsers.delete, { serverId, userId: removed.id })
  await owner.call(subUsers.update, { serverId, userId: changed.id, preset: 'full' })
  await admin.call(ownership.set, { serverId, ownerId: next.id })

  const gone = { type: 'server_gone', serverId }
  expect(await eventOf(await listen(removed, away[0]), 'server_gone')).toEqual(gone)
  expect(await eventOf(await listen(changed, away[1]), 'reset')).toEqual({ type: 'reset' })
  expect(await eventOf(await listen(owner, away[2]), 'server_gone')).toEqual(gone)
})

test('a console whose right went away while it was being opened is closed', async () => {
  const { w, owner, serverId, nodeId, subUser } = await sharedServer()
  const guest = await subUser('console.read')
  const headers = { upgrade: 'websocket', connection: 'Upgrade' }
  const path = `/api/servers/${serverId}/socket`
  w.node(nodeId).answers.connect = () => new Response('taken')

  await guest.send(path, { headers })
  await w.settled()
  expect(w.node(nodeId).shownOut).toEqual([])

  let removal = Promise.resolve({})
  w.node(nodeId).answers.connect = () => {
    removal = owner.call(subUsers.delete, { serverId, userId: guest.id })
    return new Response('taken')
  }
  await guest.send(path, { headers })
  await removal
  await w.settled()
  expect(w.node(nodeId).shownOut).toContain(guest.id)
})
