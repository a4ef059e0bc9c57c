import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newMemory } from '../../agent/servers/server-memory.ts'
import { inTransaction, openDatabase } from '../../agent/storage/database.ts'
import { createDesiredStore } from '../../agent/storage/desired-store.ts'
import { createServerStore, firstUid } from '../../agent/storage/server-store.ts'
import { aDesired, newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

function open(path = join(temporaryDir(), 'agent.sqlite')) {
  return { path, ...openDatabase(path, 'then') }
}

describe('the database', () => {
  test('[Q4] writes through to disk: write-ahead log, synchronous FULL', () => {
    const { database } = open()

    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  })

  test.each([
    ['nonsense', 'this is no database'.repeat(500)],
    ['a cut header', 'SQLite format 3\0'],
  ])('that is damaged (%s) is moved aside and begun anew', (_what, content) => {
    const path = join(temporaryDir(), 'agent.sqlite')
    writeFileSync(path, content)

    const { database, movedAside } = open(path)
    database.exec('CREATE TABLE t (n INTEGER)')

    expect(movedAside).toBe(`${path}.damaged-then`)
    expect(existsSync(`${path}.damaged-then`)).toBe(true)
  })

  test('undoes a transaction that throws', () => {
    const { database } = open()
    database.exec('CREATE TABLE t (n INTEGER)')

    expect(() =>
      inTransaction(database, () => {
        database.exec('INSERT INTO t VALUES (1)')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(database.prepare('SELECT * FROM t').all()).toEqual([])
  })
})

describe('what is kept', () => {
  test('[D2] desired states come back as they were', () => {
    const { path, database } = open()
    const server = aDesired()
    createDesiredStore(database).save({ server, known: true })
    database.close()

    expect(createDesiredStore(open(path).database).load()).toEqual([{ server, known: true }])
  })

  test('[D2] a desired state of a panel that knew no configuration files is read as one without any', () => {
    const { database } = open()
    const store = createDesiredStore(database)
    const server = aDesired()
    store.save({ server, known: true })
    database.prepare("UPDATE desired SET body = json_remove(body, '$.spec.configFiles')").run()

    expect(store.load()).toEqual([{ server, known: true }])
  })

  test('a desired state that this version cannot read is left out, not fatal', () => {
    const { database } = open()
    const store = createDesiredStore(database)
    const [good, bad] = [aDesired(), aDesired()]
    store.save({ server: good, known: true })
    store.save({ server: bad, known: true })
    database
      .prepare('UPDATE desired SET body = ? WHERE server_id = ?')
      .run('{"from":"the future"}', bad.serverId)

    expect(store.load()).toEqual([{ server: good, known: true }])
  })

  test('[D3] memories come back as they were', () => {
    const { path, database } = open()
    const serverId = newServerId()
    const memory = newMemory(serverId, { uid: 7, installed: true, at: '2026-11-24T12:00:00.000Z' })
    createServerStore(database).save(serverId, memory)
    database.close()

    expect(createServerStore(open(path).database).load()).toEqual(new Map([[serverId, memory]]))
  })
})

test('[D3] a memory of an agent that noted no limits is read as one that knows none', () => {
  const { database } = open()
  const store = createServerStore(database)
  const serverId = newServerId()
  const memory = newMemory(serverId, { uid: 7, installed: true, at: '2026-11-24T12:00:00.000Z' })
  store.save(serverId, memory)
  database.prepare("UPDATE servers SET body = json_remove(body, '$.limits')").run()

  expect(store.load()).toEqual(new Map([[serverId, { ...memory, limits: null }]]))
})

describe('user ids', () => {
  test('each server has its own, for good, and none is given out twice', () => {
    const { database } = open()
    const store = createServerStore(database)
    const [one, other, later] = [newServerId(), newServerId(), newServerId()]

    const first = store.uidOf(one)
    const second = store.uidOf(other)
    database.prepare('DELETE FROM uids WHERE server_id = ?').run(other)

    expect(store.uidOf(one)).toBe(first)
    expect(new Set([first, second, store.uidOf(later)]).size).toBe(3)
  })

  test('that own files already are taken into account by a new database', () => {
    const store = createServerStore(open().database)
    const [old, fresh] = [newServerId(), newServerId()]

    store.adoptUid(old, firstUid + 40)
    store.adoptUid(newServerId(), 0)

    expect(store.uidOf(old)).toBe(firstUid + 40)
    expect(store.uidOf(fresh)).toBe(firstUid + 41)
  })
})
