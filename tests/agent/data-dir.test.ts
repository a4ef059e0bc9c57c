import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDataDirs } from '../../agent/servers/data-dir.ts'
import { diskUsage } from '../../agent/servers/disk-usage.ts'
import { newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const isRoot = process.geteuid?.() === 0
const unbounded = { entries: 1000, goOn: () => true }

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
    const { dirs, serverId, files } = await trappedFolder()
    writeFileSync(join(files, 'world', 'big'), 'x'.repeat(100_000))

    const { bytes, whole } = await diskUsage(dirs.jailOf(serverId, null), unbounded)

    expect(bytes).toBeGreaterThanOrEqual(100_000)
    expect(bytes).toBeLessThan(1_000_000)
    expect(whole).toBe(true)
  })

  test('is measured by what it takes: holes take nothing, a second name takes nothing', async () => {
    const { dirs, serverId, files } = await trappedFolder()
    writeFileSync(join(files, 'big'), 'x'.repeat(100_000))
    const before = await diskUsage(dirs.jailOf(serverId, null), unbounded)
    linkSync(join(files, 'big'), join(files, 'again'))
    writeFileSync(join(files, 'sparse'), '')
    truncateSync(join(files, 'sparse'), 1_000_000_000)

    const after = await diskUsage(dirs.jailOf(serverId, null), unbounded)

    expect(after.bytes - before.bytes).toBeLessThan(100_000)
  })

  test('whose measurement is given up is at least as big as what was counted', async () => {
    const { dirs, serverId, files } = await trappedFolder()
    for (let n = 0; n < 200; n += 1) writeFileSync(join(files, `f${n}`), 'x')

    const { whole } = await diskUsage(dirs.jailOf(serverId, null), { ...unbounded, entries: 50 })

    expect(whole).toBe(false)
  })

  test('that is not there cannot be measured', async () => {
    const { dirs } = await trappedFolder()

    const usage = diskUsage(dirs.jailOf(newServerId(), null), unbounded)

    await expect(usage).rejects.toMatchObject({ fault: 'not_found' })
  })
})
