import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { OperationKind } from '../../contract/api/operations.ts'
import { newServerId } from '../core/examples.ts'
import { pass, passAndRing } from './clock.ts'
import { World } from './world.ts'

const minute = 60_000

async function watched(lastsMs: number | null, userId = 'user-1') {
  const world = await World.enrolled()
  const serverId = newServerId()
  const expiresAt = lastsMs === null ? null : Date.now() + lastsMs
  const browser = await world.browse(serverId, userId, OperationKind.options, expiresAt)
  await browser.next('hello')
  return { world, serverId, browser }
}

test('a console closes when the session or key that opened it ends, and no other does', async () => {
  pass(0)
  const { world, serverId, browser } = await watched(5 * minute)
  const later = await world.browse(
    serverId,
    'user-2',
    OperationKind.options,
    Date.now() + 6 * minute,
  )
  const session = await world.browse(serverId, 'user-1')

  await passAndRing(world, 5 * minute)

  expect(await browser.end()).toEqual({ code: 1000, reason: 'the session or API key has ended' })
  expect([later.closed, session.closed]).toEqual([null, null])
  await passAndRing(world, minute)
  expect((await later.end()).code).toBe(1000)
  expect(session.closed).toBeNull()
})

test('it closes too when the object has slept in between', async () => {
  pass(0)
  const { world, browser } = await watched(5 * minute)
  await evictDurableObject(world.stub, { webSockets: 'hibernate' })

  await passAndRing(world, 5 * minute)

  expect((await browser.end()).reason).toBe('the session or API key has ended')
})

test('a key that expires far ahead is looked for in steps', async () => {
  pass(0)
  const { world, browser } = await watched(90 * minute)

  expect(await passAndRing(world, 60 * minute)).toBe(true)
  expect(browser.closed).toBeNull()
  expect(await passAndRing(world, 30 * minute)).toBe(true)

  expect((await browser.end()).code).toBe(1000)
})
