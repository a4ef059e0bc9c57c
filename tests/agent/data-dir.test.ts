import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDataDirs } from '../../agent/servers/data-dir.ts'
import { diskUsage } from '../../agent/servers/disk-usage.ts'
import { newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const isRoot = process.geteuid?.() === 0

/** A server's folder with a file and a link that leads out of it, and what it leads to. */
async function trappedFolder(asRoot = false) {
  const dirs = createDataDirs(temporaryDir(), asRoot)
  const serverId = newServerId()
  const outside = temporaryDir()
  writeFileSync(join(outside, 'precious'), 'x'.repeat(1_000_000))
  await dirs.ensure(serverId, 2_000_000_001)
  const files = dirs.filesOf(serverId)
  mkdirSync(join(files, 'world'))
  writeFileSync(join(files, 'world', 'level.dat'), 'a level')
  symlinkSync(outside, join(files, 'trap'))
  symlinkSync(join(outside, 'precious'), join(files, 'world', 'trap'))
  return { dirs, serverId, files, outside }
}

describe('a server’s folder', () => {
  test('may be entered by its owner alone', async () => {
    const { files } = await trappedFolder()

    expect(statSync(files).mode & 0o777).toBe(0o750)
  })

  test('is emptied without following links', async () => {
    const { dirs, serverId, files, outside } = await trappedFolder()

    await dirs.wipe(serverId)

    expect(existsSync(join(files, 'world'))).toBe(false)
    expect(existsSync(files)).toBe(true)
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toHaveLength(1_000_000)
  })

  test('is deleted without following links', async () => {
    const { dirs, serverId, files, outside } = await trappedFolder()

    await dirs.remove(serverId)

    expect(existsSync(files)).toBe(false)
    expect(existsSync(join(outside, 'precious'))).toBe(true)
  })

  test.runIf(isRoot)(
    'is given to the server, links themselves and not what they point to',
    async () => {
      const { dirs, serverId, files, outside } = await trappedFolder(true)

      await dirs.give(serverId, 2_000_000_001)

      expect(lstatSync(join(files, 'world', 'level.dat')).uid).toBe(2_000_000_001)
      expect(lstatSync(join(files, 'trap')).uid).toBe(2_000_000_001)
      expect(statSync(join(outside, 'precious')).uid).toBe(0)
      expect(dirs.owners()).toEqual([{ serverId, uid: 2_000_000_001 }])
    },
  )

  test('says whether it holds a finished installation', async () => {
    const { dirs, serverId } = await trappedFolder()

    const before = dirs.isInstalled(serverId)
    await dirs.markInstalled(serverId, true)
    const after = dirs.isInstalled(serverId)
    await dirs.markInstalled(serverId, false)

    expect([before, after, dirs.isInstalled(serverId)]).toEqual([false, true, false])
  })

  test('is measured without following links', async () => {
    const { files } = await trappedFolder()
    writeFileSync(join(files, 'world', 'big'), 'x'.repeat(100_000))

    const bytes = await diskUsage(files)

    expect(bytes).toBeGreaterThanOrEqual(100_000)
    expect(bytes).toBeLessThan(1_000_000)
  })

  test('that is not there has no size', async () => {
    expect(await diskUsage(join(temporaryDir(), 'nothing'))).toBeNull()
  })
})
