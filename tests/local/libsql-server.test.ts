import { createClient } from '@libsql/client/http'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql/http'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import { codeOf, createLibsqlWorld, token } from './libsql-world.ts'

const pets = sqliteTable('pets', {
  id: integer().primaryKey(),
  name: text().notNull().unique(),
  tame: integer({ mode: 'boolean' }).notNull(),
  born: integer({ mode: 'timestamp_ms' }),
})
const createPets = `CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  tame INTEGER NOT NULL, born INTEGER)`

describe('values', () => {
  test('integers beyond 2^53, blobs, nulls, booleans and text survive both ways', async () => {
    const w = await createLibsqlWorld()
    const client = createClient({ url: w.server.url, authToken: token, intMode: 'bigint' })
    await client.execute('CREATE TABLE v (i INTEGER, r REAL, b BLOB, n, t TEXT, flag INTEGER)')
    const blob = new Uint8Array([0, 255, 7])
    const text = 'žluťoučký \u{1F680}'

    await client.execute({
      sql: 'INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)',
      args: [2n ** 63n - 1n, 0.1, blob, null, text, true],
    })

    const { rows, columns, columnTypes } = await client.execute('SELECT * FROM v')
    const row = rows[0]
    expect(row).toMatchObject({ i: 2n ** 63n - 1n, r: 0.1, n: null, t: text, flag: 1n })
    expect(row?.b).toEqual(blob.buffer)
    expect(columns).toEqual(['i', 'r', 'b', 'n', 't', 'flag'])
    expect(columnTypes).toEqual(['INTEGER', 'REAL', 'BLOB', '', 'TEXT', 'INTEGER'])
  })

  test('text with a NUL is refused, since it would come back cut off', async () => {
    const w = await createLibsqlWorld()
    const select = w.client().execute({ sql: 'SELECT ?', args: ['before\0after'] })
    expect(await codeOf(select)).toBe('ARGS_INVALID')
  })

  test('whole REAL values stay REAL and INTEGER columns stay INTEGER', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    await client.execute('CREATE TABLE v (i INTEGER, r REAL)')

    await client.execute({ sql: 'INSERT INTO v VALUES (?, ?)', args: [3, 3] })

    const { rows } = await client.execute('SELECT typeof(i) AS i, typeof(r) AS r FROM v')
    expect(rows[0]).toMatchObject({ i: 'integer', r: 'real' })
  })

  test('what JSON cannot carry is an error, and the connection stays good', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()

    expect(await codeOf(client.execute('SELECT 9e999'))).toBe('VALUE_UNSUPPORTED')

    expect((await client.execute('SELECT 1 AS one')).rows[0]).toMatchObject({ one: 1 })
  })

  test('counts changed rows and the last rowid only for statements that changed some', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    await client.execute(createPets)

    const insert = await client.execute("INSERT INTO pets (name, tame) VALUES ('a', 1), ('b', 0)")
    const returning = await client.execute('UPDATE pets SET tame = 1 RETURNING id')
    const select = await client.execute('SELECT * FROM pets')

    expect(insert).toMatchObject({ rowsAffected: 2, lastInsertRowid: 2n })
    expect(returning).toMatchObject({ rowsAffected: 2 })
    expect(returning.rows).toHaveLength(2)
    expect(select.rowsAffected).toBe(0)
    expect(select.lastInsertRowid).toBeUndefined()
  })
})

describe('statements', () => {
  test('the code of a constraint reaches the client', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    await client.executeMultiple(`${createPets};
      CREATE TABLE toys (id INTEGER PRIMARY KEY, pet INTEGER NOT NULL REFERENCES pets(id));
      INSERT INTO pets (id, name, tame) VALUES (1, 'a', 1);`)

    const insert = (values: string) => client.execute(`INSERT INTO ${values}`)
    const codes = [
      await codeOf(insert("pets (name, tame) VALUES ('a', 1)")),
      await codeOf(insert("pets (id, name, tame) VALUES (1, 'b', 1)")),
      await codeOf(insert("pets (name) VALUES ('b')")),
      await codeOf(insert('toys (pet) VALUES (9)')),
      await codeOf(client.execute('SELEC 1')),
    ]

    expect(codes).toEqual([
      'SQLITE_CONSTRAINT_UNIQUE',
      'SQLITE_CONSTRAINT_PRIMARYKEY',
      'SQLITE_CONSTRAINT_NOTNULL',
      'SQLITE_CONSTRAINT_FOREIGNKEY',
      'SQLITE_ERROR',
    ])
  })

  test('a second statement in one text is refused, not ignored', async () => {
    const w = await createLibsqlWorld()
    expect(await codeOf(w.client().execute('SELECT 1; SELECT 2'))).toBe('SQL_MANY_STATEMENTS')
    expect(await codeOf(w.client().execute(' -- nothing'))).toBe('SQL_NO_STATEMENT')
  })

  test('values by name may meet nameless parameters without harm', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    expect(await codeOf(client.execute({ sql: 'SELECT ?', args: { a: 1 } }))).toBe('ARGS_INVALID')
    const { rows } = await client.execute({ sql: 'SELECT :a + $b AS sum', args: { a: 1, b: 2 } })
    expect(rows[0]).toMatchObject({ sum: 3 })
  })

  test('a batch is all or nothing', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    await client.execute(createPets)
    const insert = "INSERT INTO pets (name, tame) VALUES ('a', 1)"

    expect(await codeOf(client.batch([insert, insert], 'write'))).toBe('SQLITE_CONSTRAINT_UNIQUE')
    expect((await client.execute('SELECT * FROM pets')).rows).toEqual([])

    await client.batch([insert, 'UPDATE pets SET tame = 0'], 'write')
    expect((await client.execute('SELECT tame FROM pets')).rows[0]).toMatchObject({ tame: 0 })
  })

  test('migrate() turns foreign keys off for itself alone', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    await client.executeMultiple('CREATE TABLE a (id INTEGER PRIMARY KEY, up REFERENCES a(id))')

    await client.migrate(['INSERT INTO a VALUES (1, 7)'])

    const code = await codeOf(client.execute('INSERT INTO a VALUES (2, 8)'))
    expect(code).toBe('SQLITE_CONSTRAINT_FOREIGNKEY')
  })

  test('an answer too large is refused, and the next one is right', async () => {
    const w = await createLibsqlWorld()
    const client = w.client()
    const huge = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
      SELECT printf('%.2000000c', 'x') FROM n`

    expect(await codeOf(client.execute(huge))).toBe('RESPONSE_TOO_LARGE')
    expect((await client.execute('SELECT 1 AS one')).rows[0]).toMatchObject({ one: 1 })
  })
})

describe('drizzle', () => {
  test('inserts, reads, batches and runs transactions', async () => {
    const w = await createLibsqlWorld()
    const db = drizzle(w.client())
    await db.run(sql.raw(createPets))
    const born = new Date(1_700_000_000_123)

    const inserted = await db.insert(pets).values({ name: 'Rex', tame: true, born }).returning()
    await db.batch([
      db.insert(pets).values({ name: 'Tom', tame: false }),
      db.update(pets).set({ tame: false }),
    ])
    await db.transaction(
      async (tx) => {
        await tx.insert(pets).values({ name: 'Fay', tame: true })
        await tx.run(sql`UPDATE ${pets} SET name = 'Max' WHERE name = 'Rex'`)
      },
      { behavior: 'immediate' },
    )

    expect(inserted).toEqual([{ id: 1, name: 'Rex', tame: true, born }])
    expect(await db.select({ name: pets.name, tame: pets.tame }).from(pets)).toEqual([
      { name: 'Max', tame: false },
      { name: 'Tom', tame: false },
      { name: 'Fay', tame: true },
    ])
  })

  test('a transaction that throws leaves nothing behind', async () => {
    const w = await createLibsqlWorld()
    const db = drizzle(w.client())
    await db.run(sql.raw(createPets))

    const failing = db.transaction(async (tx) => {
      await tx.insert(pets).values({ name: 'Rex', tame: true })
      throw new Error('changed my mind')
    })

    await expect(failing).rejects.toThrow('changed my mind')
    expect(await db.select().from(pets)).toEqual([])
  })
})

describe('the door', () => {
  test('a wrong or missing token is refused with 401', async () => {
    const w = await createLibsqlWorld()
    const wrong = createClient({ url: w.server.url, authToken: `${token}x` })
    const none = createClient({ url: w.server.url })

    expect(await codeOf(wrong.execute('SELECT 1'))).toBe('UNAUTHORIZED')
    expect(await codeOf(none.execute('SELECT 1'))).toBe('UNAUTHORIZED')
  })

  test('nonsense is refused with 400 and an overlong body with 413', async () => {
    const w = await createLibsqlWorld({ maxBodyBytes: 100 })
    const status = async (body: unknown) => (await w.post(body)).status

    expect(await status('not json')).toBe(400)
    expect(await status({ requests: [{ type: 'dance' }] })).toBe(400)
    expect(await status({ requests: 'x'.repeat(200) })).toBe(413)
    expect(await status({ requests: [] })).toBe(200)
  })

  test('says that it is well and which protocol it speaks', async () => {
    const w = await createLibsqlWorld()
    const status = async (path: string) => (await fetch(w.server.url + path)).status

    expect(await status('/health')).toBe(200)
    expect(await status('/v2')).toBe(200)
    expect(await status('/v3-protobuf')).toBe(404)
  })

  test('a port that is taken is an error of the start', async () => {
    const w = await createLibsqlWorld()
    const port = Number(new URL(w.server.url).port)

    await expect(createLibsqlWorld({ port })).rejects.toThrow('EADDRINUSE')
  })
})
