import { statSync } from 'node:fs'
import { request } from 'node:http'
import Database from 'libsql'
import { expect, test, vi } from 'vitest'
import { codeOf, createLibsqlWorld, type LibsqlWorld, token } from './libsql-world.ts'

async function createCounter(w: LibsqlWorld): Promise<void> {
  await w.client().executeMultiple(`CREATE TABLE counter (n INTEGER NOT NULL);
    INSERT INTO counter VALUES (0)`)
}

async function readCounter(w: LibsqlWorld): Promise<unknown> {
  return (await w.client().execute('SELECT n FROM counter')).rows[0]?.n
}

async function readModifyWrite(w: LibsqlWorld): Promise<void> {
  const tx = await w.client().transaction('write')
  const { rows } = await tx.execute('SELECT n FROM counter')
  await tx.execute({ sql: 'UPDATE counter SET n = ?', args: [Number(rows[0]?.n) + 1] })
  await tx.commit()
}

function update(by: number) {
  return { type: 'execute', stmt: { sql: `UPDATE counter SET n = n + ${by}` } }
}

/** Opens a stream, which has a connection to itself, and returns its baton. */
async function openStream(w: LibsqlWorld): Promise<unknown> {
  const reply: unknown = await (await w.post({ requests: [] })).json()
  return typeof reply === 'object' && reply && 'baton' in reply ? reply.baton : null
}

test('fifty concurrent read-modify-writes all count', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)

  const work = Array.from({ length: 50 }, async () => {
    for (let i = 0; i < 4; i += 1) await readModifyWrite(w)
  })
  await Promise.all(work)

  expect(await readCounter(w)).toBe(200)
})

test('single writes wait for an open transaction and are then committed', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const tx = await w.client().transaction('write')
  await tx.execute('UPDATE counter SET n = n + 1')

  const writes = Array.from({ length: 20 }, () =>
    w.client().execute('UPDATE counter SET n = n + 1'),
  )
  expect(await readCounter(w)).toBe(0)
  await tx.commit()
  await Promise.all(writes)

  expect(await readCounter(w)).toBe(21)
})

test('a write that cannot get its turn fails as busy, and no connection is the worse for it', async () => {
  const w = await createLibsqlWorld({ busyWaitMs: 30 })
  await createCounter(w)
  const tx = await w.client().transaction('write')
  await tx.execute('UPDATE counter SET n = n + 1')

  const waiting = Array.from({ length: 5 }, () =>
    codeOf(w.client().execute('UPDATE counter SET n = n + 100')),
  )
  const begin = codeOf(w.client().batch(['UPDATE counter SET n = n + 100'], 'write'))
  expect(await Promise.all([...waiting, begin])).toEqual(Array(6).fill('SQLITE_BUSY'))
  await tx.commit()

  const observer = new Database(w.file)
  const batons = await Promise.all(Array.from({ length: 8 }, () => openStream(w)))
  for (const [index, baton] of batons.entries()) {
    await w.post({ baton, requests: [update(1), { type: 'close' }] })
    expect(observer.prepare('SELECT n FROM counter').all()).toEqual([{ n: index + 2 }])
  }
  observer.close()
})

test('a transaction whose snapshot was overtaken fails at once and spoils nothing', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const overtaken = await w.client().transaction('deferred')
  await overtaken.execute('SELECT n FROM counter')
  await w.client().execute('UPDATE counter SET n = n + 1')

  const code = await codeOf(overtaken.execute('UPDATE counter SET n = 99'))
  await overtaken.rollback()

  expect(code).toBe('SQLITE_BUSY_SNAPSHOT')
  for (let n = 1; n <= 5; n += 1) {
    expect(await readCounter(w)).toBe(n)
    await readModifyWrite(w)
  }
})

test('a script that has to wait half-way repeats no statement', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const tx = await w.client().transaction('write')
  await tx.execute('UPDATE counter SET n = n + 1')

  const script = w
    .client()
    .executeMultiple('UPDATE counter SET n = n + 1; UPDATE counter SET n = n * 10')
  await tx.commit()
  await script

  expect(await readCounter(w)).toBe(20)
})

test('a lock held by another process is waited for', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const other = new Database(w.file)
  other.exec('BEGIN IMMEDIATE; UPDATE counter SET n = 5')

  const write = w.client().execute('UPDATE counter SET n = n + 1')
  expect(await readCounter(w)).toBe(0)
  other.exec('COMMIT')
  await write
  other.close()

  expect(await readCounter(w)).toBe(6)
})

test('a silent stream is rolled back, and its baton is worth nothing', async () => {
  const w = await createLibsqlWorld({ streamIdleMs: 20 })
  await createCounter(w)
  const abandoned = await w.client().transaction('write')
  await abandoned.execute('UPDATE counter SET n = 99')

  await w.client().execute('UPDATE counter SET n = n + 1')

  expect(await readCounter(w)).toBe(1)
  expect(await codeOf(abandoned.execute('SELECT 1'))).toBe('STREAM_EXPIRED')
})

test('a baton works once', async () => {
  const w = await createLibsqlWorld()
  const baton = await openStream(w)

  expect((await w.post({ baton, requests: [] })).status).toBe(200)
  expect((await w.post({ baton, requests: [] })).status).toBe(400)
})

test('a client that goes away while it waits gives up its place and its transaction', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const tx = await w.client().transaction('write')
  await tx.execute('UPDATE counter SET n = n + 1')

  const begin = { type: 'execute', stmt: { sql: 'BEGIN' } }
  const leaving = request(`${w.server.url}/v2/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  leaving.on('error', () => undefined)
  leaving.end(JSON.stringify({ requests: [begin, update(100)] }))
  const staying = w.post({ requests: [update(10), { type: 'close' }] })
  await vi.waitFor(() => expect(leaving.socket?.bytesWritten).toBeGreaterThan(100))
  await w.client().execute('SELECT 1')
  leaving.destroy()
  await tx.commit()
  await staying

  expect(await readCounter(w)).toBe(11)
})

test('closing rolls back what is open and empties the log', async () => {
  const w = await createLibsqlWorld()
  await createCounter(w)
  const tx = await w.client().transaction('write')
  await tx.execute('UPDATE counter SET n = 99')

  await w.server.close()

  expect(statSync(`${w.file}-wal`).size).toBe(0)
  const after = new Database(w.file)
  expect(after.prepare('SELECT n FROM counter').all()).toEqual([{ n: 0 }])
  after.close()
})
