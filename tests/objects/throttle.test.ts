import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { AttemptBook } from '../../durable-objects/throttle/attempt-book.ts'
import { AttemptTable } from '../../durable-objects/throttle/attempt-table.ts'
import { createThrottle, objectOf } from '../../worker/services/throttle/throttle.ts'
import { pass } from './clock.ts'

const hour = 3_600_000
const rate = { quota: 3, windowSeconds: 60 }
const log = { info: () => undefined, error: () => undefined }

/** An object that no other test counts in. */
function newObject() {
  return env.THROTTLE.get(env.THROTTLE.newUniqueId())
}

/** Names of one kind that are no other test's, on two objects. */
function namesApart(): { readonly address: string; readonly account: string } {
  const address = `address:${crypto.randomUUID()}`
  for (;;) {
    const account = `account:${crypto.randomUUID()}`
    if (objectOf(account) !== objectOf(address)) return { address, account }
  }
}

async function rowsOf(object: DurableObjectStub) {
  return runInDurableObject(object, (_object, { storage }) =>
    storage.sql.exec('SELECT name, count FROM attempts ORDER BY name').toArray(),
  )
}

test('of 200 attempts at once exactly the five free ones are let through', async () => {
  const object = newObject()

  const answers = await Promise.all(
    Array.from({ length: 200 }, () => object.attempt(['account:a'])),
  )

  expect(answers.filter(({ allowed }) => allowed)).toHaveLength(5)
  expect(await rowsOf(object)).toEqual([{ name: 'account:a', count: 5 }])
})

test('so it is through the Worker, over two objects, and none is lost to the address', async () => {
  const throttle = createThrottle(env.THROTTLE, log)
  const { address, account } = namesApart()

  const answers = await Promise.all(
    Array.from({ length: 200 }, () => throttle.attempt([address, account])),
  )
  const left = await Promise.all(Array.from({ length: 200 }, () => throttle.attempt([address])))

  expect(answers.filter(({ allowed }) => allowed)).toHaveLength(5)
  expect(left.filter(({ allowed }) => allowed)).toHaveLength(15)
})

test('who is kept out by an address touches no account', async () => {
  const throttle = createThrottle(env.THROTTLE, log)
  const { address, account } = namesApart()
  for (let no = 0; no < 20; no += 1) await throttle.attempt([address])

  expect(await throttle.attempt([address, account])).toMatchObject({ allowed: false })

  const left = await Promise.all(Array.from({ length: 9 }, () => throttle.attempt([account])))
  expect(left.filter(({ allowed }) => allowed)).toHaveLength(5)
})

test('counts outlive the object that keeps them', async () => {
  pass(0)
  const object = newObject()
  for (let no = 0; no < 7; no += 1) {
    await object.attempt(['account:a'])
    if (no >= 4) pass(2 ** (no - 4) * 1000)
  }
  const before = await object.attempt(['account:a'])
  await evictDurableObject(object)

  const after = await object.attempt(['account:a'])

  expect(before).toMatchObject({ allowed: true })
  expect(after).toEqual({ allowed: false, retryAfterSeconds: 8 })
  pass(8_000)
  expect(await object.attempt(['account:a'])).toMatchObject({ allowed: true })
})

test('a right attempt lets an account begin anew, and takes itself from an address', async () => {
  const object = newObject()
  const names = ['account:a', 'address:b']
  await object.attempt(names)
  await object.attempt(names)

  await object.forgive(names)

  expect(await rowsOf(object)).toEqual([{ name: 'address:b', count: 1 }])
})

test('what is forgotten is dropped by one alarm, and nothing wakes an object that keeps nothing', async () => {
  pass(0)
  const object = newObject()
  await object.attempt(['account:a'])
  pass(hour / 2)
  await object.attempt(['account:b'])
  pass(hour / 2)

  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await rowsOf(object)).toEqual([{ name: 'account:b', count: 1 }])
  pass(hour / 2)
  expect(await runDurableObjectAlarm(object)).toBe(true)

  expect(await rowsOf(object)).toEqual([])
  expect(await runDurableObjectAlarm(object)).toBe(false)
})

test('rows are as many as are kept, and are counted again when the object wakes', async () => {
  const object = newObject()
  await object.attempt(['account:a'])

  const counts = await runInDurableObject(object, (_object, { storage }) => {
    const table = new AttemptTable(storage.sql)
    const book = new AttemptBook(table, 10)
    for (let no = 0; no < 5; no += 1) book.attempt(['account:guessed'], 1_000)
    for (let no = 0; no < 15; no += 1) book.attempt([`account:${no}`, `address:${no}`], 2_000)
    return [table.size, new AttemptTable(storage.sql).size, table.find('account:guessed')?.count]
  })

  expect(counts).toEqual([10, 10, 5])
})

test('a rate is counted exactly, refills, and is told', async () => {
  pass(0)
  const object = newObject()

  const verdicts = await Promise.all(Array.from({ length: 50 }, () => object.take('key:a', rate)))

  expect(verdicts.filter(({ allowed }) => allowed).map(({ remaining }) => remaining)).toEqual([
    2, 1, 0,
  ])
  expect(verdicts.at(-1)).toEqual({ allowed: false, limit: 3, remaining: 0, resetSeconds: 20 })
  pass(20_000)
  expect(await object.take('key:a', rate)).toMatchObject({ allowed: true, remaining: 0 })
  expect(await object.take('key:b', rate)).toMatchObject({ allowed: true, remaining: 2 })
})

test('names are spread over 64 objects', () => {
  const objects = Array.from({ length: 6_400 }, (_, no) => objectOf(`account:${no}`))

  expect(new Set(objects).size).toBe(64)
  const most = Math.max(...[...Map.groupBy(objects, (name) => name).values()].map((l) => l.length))
  expect(most).toBeLessThan(200)
})
