import { expect, test } from 'vitest'
import { createWorld } from '../support/world.ts'

const json = { 'content-type': 'application/json' }

test('a request that is refused at its door makes no open stream look for changes', async () => {
  const w = await createWorld()
  const owner = await w.user()
  const { id } = await w.addServer({ ownerId: owner.id })
  let rings = 0
  await w.deps.bell.listen(
    () => {
      rings += 1
    },
    () => undefined,
  )
  const post = async (who: typeof w.anonymous, path: string, body: object) => {
    const init = { method: 'POST', headers: json, body: JSON.stringify(body) }
    const { status } = await who.send(path, init)
    await w.settled()
    return status
  }

  const guess = { email: 'ann@example.org', password: 'a guess' }
  expect(await post(w.anonymous, '/api/auth/login', guess)).toBe(401)
  expect(await post(w.anonymous, '/api/auth/login', {})).toBe(400)
  expect(await post(w.anonymous, '/api/nowhere', {})).toBe(404)
  expect(await post(owner, `/api/servers/${id}/suspend`, { reason: 'x' })).toBe(403)
  expect(rings).toBe(0)

  expect(await post(owner, `/api/servers/${id}/start`, {})).toBe(202)
  expect(rings).toBe(1)
})
