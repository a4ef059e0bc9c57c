import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { editFile } from '../../agent/files/config/edit-file.ts'
import { type Jail, openJail, safePath, wholeFolder } from '../../agent/files/jail.ts'
import { JailError } from '../../agent/files/jail-error.ts'
import { diskUsage } from '../../agent/servers/disk-usage.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const isRoot = process.geteuid?.() === 0
const serverUid = 2_000_000_777
/** No file of the server is this long, so a walk that counts it was outside. */
const canaryBytes = 77_777_777
/** Nor takes all of the server's folder as much disk. */
const canaryBlocks = 1024 * 1024

/** A server's folder under attack, beside files that nobody may touch. */
async function attacked() {
  const root = temporaryDir()
  const outside = temporaryDir()
  mkdirSync(join(outside, 'sub'))
  writeFileSync(join(outside, 'inner'), 'secret')
  writeFileSync(join(outside, 'sub', 'deep'), 'secret')
  writeFileSync(join(outside, 'canary'), Buffer.alloc(canaryBlocks, 'secret'))
  truncateSync(join(outside, 'canary'), canaryBytes)
  const before = fingerprint(outside)
  const attacker = spawn(process.execPath, ['tests/agent/symlink-swapper.ts', root, outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void attacker.kill('SIGKILL'))
  await once(attacker.stdout, 'data')
  return {
    root,
    jail: openJail(root, isRoot ? serverUid : null),
    attacker,
    isUntouched: () => expect(fingerprint(outside)).toEqual(before),
  }
}

/** Everything about a tree that an operation could change; the time of change is the kernel's own. */
function fingerprint(folder: string): string[] {
  const paths = [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()]
  return paths.map((path) => {
    const stats = lstatSync(path === folder ? folder : join(folder, path), { bigint: true })
    return [path, stats.ino, stats.mode, stats.uid, stats.nlink, stats.size, stats.ctimeNs].join()
  })
}

/** What came of many tries: `done`, or the fault that ended them. */
async function tries(
  times: number,
  attacker: ChildProcess,
  work: (turn: number) => Promise<void>,
): Promise<Map<string, number>> {
  const tally = new Map<string, number>()
  for (let turn = 0; turn < times; turn += 1) {
    const outcome = await work(turn).then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof JailError) return error.fault
        throw error
      },
    )
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
  }
  expect(attacker.exitCode).toBeNull()
  return tally
}

const bytes = Buffer.from('ours')

const operations: Readonly<Record<string, (jail: Jail, turn: number) => Promise<void>>> = {
  'reading through a folder': async (jail) => {
    const read = await jail.read(safePath('door/inner'), 1000)
    expect(read.bytes.toString()).not.toContain('secret')
  },
  'reading a file': async (jail) => {
    const read = await jail.read(safePath('file'), 1000)
    expect(read.bytes.toString()).not.toContain('secret')
  },
  'replacing through a folder': (jail) => jail.replace(safePath('door/inner'), bytes, 0o644),
  'replacing in a folder that may have to be made': (jail) =>
    jail.replace(safePath('door/sub/new/file'), bytes, 0o644),
  'replacing a file': (jail) => jail.replace(safePath('file'), bytes, 0o644),
  'editing a configuration file': async (jail) => {
    const path = safePath('door/inner')
    const before = await jail.read(path, 1000)
    expect(before.bytes.toString()).not.toContain('secret')
    const edits = [{ match: 'own', ifValue: null, value: 'ours' }]
    await jail.replace(path, editFile('file', before.bytes, edits).bytes, before.mode)
  },
  'creating through a folder': (jail, turn) =>
    jail.create(safePath(`door/new-${turn}`), bytes, 0o644),
  'making folders': (jail, turn) => jail.makeFolder(safePath(`door/made-${turn % 20}/sub`)),
  'looking at an entry': async (jail) => {
    expect((await jail.stat(safePath('door/inner'))).bytes).not.toBe('secret'.length)
  },
  'listing a folder': async (jail) => {
    const { entries } = await jail.list(safePath('door'), 1000)
    expect(entries.map(({ name }) => name)).not.toContain('canary')
  },
  'removing through a folder': (jail) => jail.remove(safePath('door/inner')),
  'removing a folder': (jail) => jail.remove(safePath('door')),
  'emptying all': (jail) => jail.remove(wholeFolder),
  'giving all away': (jail) => jail.give(wholeFolder),
  'measuring all': async (jail) => {
    const { bytes } = await diskUsage(jail, { entries: 1000, goOn: () => true })
    expect(bytes).toBeLessThan(canaryBlocks)
  },
  'walking all': async (jail) => {
    const sizes: number[] = []
    await jail.walk(
      wholeFolder,
      ({ size }) => sizes.push(size),
      () => true,
    )
    expect(sizes).not.toContain(canaryBytes)
  },
}

test.each(Object.entries(operations))('%s is never led outside', async (name, operation) => {
  const { jail, attacker, isUntouched } = await attacked()

  // What writes waits for the disk in each turn.
  const turns = /replacing|creating/.test(name) ? 300 : 1000
  const tally = await tries(turns, attacker, (turn) => operation(jail, turn))

  isUntouched()
  // Both sides took part: some tries came through, whatever the attacker did to the others.
  expect(tally.get('done')).toBeGreaterThan(0)
})

test('the same attack leads a path outside that was only checked before', async () => {
  const { root } = await attacked()
  const path = join(root, 'door', 'inner')

  let escaped = false
  for (let turn = 0; turn < 200_000 && !escaped; turn += 1) {
    try {
      if (!realpathSync(path).startsWith(realpathSync(root))) continue
      escaped = readFileSync(path, 'utf8') === 'secret'
    } catch {
      // Swapped in the middle, this time without a gain.
    }
  }

  expect(escaped).toBe(true)
})
