import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Client, createClient } from '@libsql/client/http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { token } from './libsql-world.ts'

function createFolder(): { db: string; tokenFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'libsql-main-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, `${token}\n`)
  return { db: join(folder, 'panel.db'), tokenFile }
}

async function start(folder: { db: string; tokenFile: string }) {
  const args = ['local/libsql-main.ts', '--db', folder.db, '--token-file', folder.tokenFile]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line')
  const ready: { ready: boolean; url: string } = JSON.parse(String(line))
  expect(ready.ready).toBe(true)
  return { child, client: createClient({ url: ready.url, authToken: token }) }
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}

/** Writes until the server is gone and returns what it acknowledged. */
async function writeUntilGone(client: Client, writer: number, acked: string[]): Promise<void> {
  for (let i = 0; ; i += 1) {
    const id = `${writer}-${i}`
    const insert = { sql: 'INSERT INTO notes VALUES (?)', args: [id] }
    try {
      if (i % 2 === 0) await client.execute(insert)
      else await client.batch([insert, 'UPDATE writes SET n = n + 1'], 'write')
    } catch {
      // The server was killed, which is what this loop waits for.
      return
    }
    acked.push(id)
  }
}

test('kill -9 in the middle of writes loses nothing that was acknowledged', async () => {
  const folder = createFolder()
  const acked: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const { child, client } = await start(folder)
    await client.executeMultiple(`CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS writes (n INTEGER); INSERT INTO writes VALUES (0)`)
    const before = acked.length
    const writers = Array.from({ length: 8 }, (_, i) =>
      writeUntilGone(client, round * 8 + i, acked),
    )
    await vi.waitFor(() => expect(acked.length - before).toBeGreaterThan(100), 10_000)
    child.kill('SIGKILL')
    await Promise.all(writers)
  }

  const { client } = await start(folder)
  const { rows } = await client.execute('SELECT id FROM notes')
  const kept = new Set(rows.map((row) => row.id))
  expect(acked.filter((id) => !kept.has(id))).toEqual([])
  expect((await client.execute('PRAGMA integrity_check')).rows[0]?.[0]).toBe('ok')
})

test('ends by itself when its parent is gone, and cleanly on SIGTERM', async () => {
  const folder = createFolder()

  const orphan = await start(folder)
  orphan.child.stdin.end()
  expect(await exitCode(orphan.child)).toBe(0)

  const asked = await start(folder)
  asked.child.kill('SIGTERM')
  expect(await exitCode(asked.child)).toBe(0)
})

test('keeps the database file to itself', async () => {
  const folder = createFolder()
  await start(folder)
  expect(statSync(folder.db).mode & 0o777).toBe(0o600)
})

test('a token that is too short is refused at the start', async () => {
  const folder = createFolder()
  writeFileSync(folder.tokenFile, 'short')
  const args = ['local/libsql-main.ts', '--db', folder.db, '--token-file', folder.tokenFile]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  expect(await exitCode(child)).toBe(2)
})
