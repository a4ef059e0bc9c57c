import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJail, safePath, wholeFolder } from '../../agent/files/jail.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const isRoot = process.geteuid?.() === 0
const serverUid = 2_000_000_777

function aJail(uid: number | null = null) {
  const root = temporaryDir()
  return { root, jail: openJail(root, uid) }
}

/** Another process goes down step by step, because a path this long cannot be named. */
function digDeep(root: string, levels: number): void {
  const program = `for (let n = 0; n < ${levels}; n += 1) {
    fs.writeFileSync('f', '')
    fs.mkdirSync('a')
    process.chdir('a')
  }`
  execFileSync(process.execPath, ['-e', program], { cwd: root })
}

describe('hostile trees', () => {
  test('folders that are deeper than any path are deleted', async () => {
    const { root, jail } = aJail()
    mkdirSync(join(root, 'top'))
    digDeep(join(root, 'top'), 3000)

    await jail.remove(safePath('top'))

    expect(readdirSync(root)).toEqual([])
  })

  test('a walk says that it left out what is too deep', async () => {
    const { root, jail } = aJail()
    digDeep(root, 300)
    let folders = 0

    const whole = await jail.walk(
      wholeFolder,
      (stats) => {
        if (stats.isDirectory()) folders += 1
      },
      () => true,
    )

    expect({ whole, folders }).toEqual({ whole: false, folders: 257 })
  })

  test('names that are no text are deleted, counted and given away', async () => {
    const { root, jail } = aJail(isRoot ? serverUid : null)
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), '')
    let seen = 0

    await jail.give(wholeFolder)
    await jail.walk(
      wholeFolder,
      () => {
        seen += 1
      },
      () => true,
    )
    await jail.remove(wholeFolder)

    expect(seen).toBe(1)
    expect(readdirSync(root)).toEqual([])
  })

  test('a walk ends when its budget does', async () => {
    const { root, jail } = aJail()
    for (let n = 0; n < 100; n += 1) writeFileSync(join(root, `f${n}`), '')

    const whole = await jail.walk(
      wholeFolder,
      () => {},
      (seen) => seen < 50,
    )

    expect(whole).toBe(false)
  })

  test('a link is removed, and what it leads to stays', async () => {
    const { root, jail } = aJail()
    const outside = temporaryDir()
    writeFileSync(join(outside, 'precious'), '')
    symlinkSync(outside, join(root, 'link'))

    await jail.remove(safePath('link'))
    await jail.remove(safePath('never was'))

    expect(readdirSync(root)).toEqual([])
    expect(existsSync(join(outside, 'precious'))).toBe(true)
  })

  test.runIf(isRoot)('giving away drops set-user-id bits of programs', async () => {
    const { root, jail } = aJail(serverUid)
    writeFileSync(join(root, 'program'), '')
    chmodSync(join(root, 'program'), 0o4755)

    await jail.give(wholeFolder)

    expect(statSync(join(root, 'program')).mode & 0o7777).toBe(0o755)
  })
})
