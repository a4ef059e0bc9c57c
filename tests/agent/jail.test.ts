import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
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

function fault(name: string) {
  return expect.objectContaining({ fault: name })
}

describe('a path', () => {
  test.each([
    ['a/b', 'a/b'],
    ['./a//b/.', 'a/b'],
    ['...', '...'],
    ['.', ''],
    ['ä/ö', 'ä/ö'],
  ])('%s leads to %s', (text, path) => {
    expect(safePath(text)).toBe(path)
  })

  test.each([
    ['/etc/passwd'],
    ['..'],
    ['a/../../b'],
    ['a\0b'],
    [`a/${'ä'.repeat(128)}`],
    ['a/'.repeat(65)],
    [`${`${'x'.repeat(250)}/`.repeat(17)}y`],
  ])('%#: one that could lead astray is refused', (text) => {
    expect(() => safePath(text)).toThrow(fault('bad_path'))
  })
})

describe('reading', () => {
  test('gives the bytes and the permissions of a regular file', async () => {
    const { root, jail } = aJail()
    writeFileSync(join(root, 'a'), 'text', { mode: 0o640 })

    const { bytes, mode } = await jail.read(safePath('a'), 4)

    expect([bytes.toString(), mode]).toEqual(['text', 0o640])
  })

  test('a file that is longer than it may be is refused', async () => {
    const { root, jail } = aJail()
    writeFileSync(join(root, 'a'), 'text')

    await expect(jail.read(safePath('a'), 3)).rejects.toThrow(fault('too_large'))
  })

  test('a link is named as one, whether it is the last name or one on the way', async () => {
    const { root, jail } = aJail()
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real', 'a'), 'text')
    symlinkSync('real', join(root, 'link'))
    symlinkSync('a', join(root, 'real', 'other'))

    await expect(jail.read(safePath('link/a'), 10)).rejects.toThrow(fault('is_link'))
    await expect(jail.read(safePath('real/other'), 10)).rejects.toThrow(
      'real/other is a link, or lies behind one; links are not followed.',
    )
  })

  test('a FIFO is refused and not waited for', async () => {
    const { root, jail } = aJail()
    execFileSync('mkfifo', [join(root, 'pipe')])

    await expect(jail.read(safePath('pipe'), 10)).rejects.toThrow(fault('not_a_file'))
  })

  test.runIf(isRoot)('a device is refused and not opened', async () => {
    const { root, jail } = aJail()
    execFileSync('mknod', [join(root, 'zero'), 'c', '1', '5'])

    await expect(jail.read(safePath('zero'), 10)).rejects.toThrow(fault('not_a_file'))
  })

  test('what is not there, and what is no folder, is said', async () => {
    const { root, jail } = aJail()
    writeFileSync(join(root, 'a'), '')

    await expect(jail.read(safePath('b'), 10)).rejects.toThrow('b is not there.')
    await expect(jail.read(safePath('a/b'), 10)).rejects.toThrow(fault('not_a_folder'))
  })
})

describe('writing', () => {
  test.runIf(isRoot)('makes files and folders that belong to the server', async () => {
    const { root, jail } = aJail(serverUid)

    await jail.replace(safePath('a/b/c'), Buffer.from('text'), 0o640)

    expect(readFileSync(join(root, 'a/b/c'), 'utf8')).toBe('text')
    for (const path of ['a', 'a/b', 'a/b/c']) {
      expect(lstatSync(join(root, path))).toMatchObject({ uid: serverUid, gid: serverUid })
    }
    expect(lstatSync(join(root, 'a/b/c')).mode & 0o7777).toBe(0o640)
  })

  test('replaces a file as a whole and leaves nothing beside it', async () => {
    const { root, jail } = aJail()
    writeFileSync(join(root, 'a'), 'a long text')

    await jail.replace(safePath('a'), Buffer.from('short'), 0o644)

    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('short')
    expect(readdirSync(root)).toEqual(['a'])
  })

  test('leaves the text of another name of the same file as it was', async () => {
    const { root, jail } = aJail()
    const kept = join(temporaryDir(), 'kept')
    writeFileSync(kept, 'old')
    linkSync(kept, join(root, 'a'))

    await jail.replace(safePath('a'), Buffer.from('new'), 0o644)

    expect([readFileSync(join(root, 'a'), 'utf8'), readFileSync(kept, 'utf8')]).toEqual([
      'new',
      'old',
    ])
  })

  test('puts a file in the place of a link, and none in the place of a folder', async () => {
    const { root, jail } = aJail()
    const outside = join(temporaryDir(), 'outside')
    writeFileSync(outside, 'old')
    symlinkSync(outside, join(root, 'a'))
    mkdirSync(join(root, 'folder'))

    await jail.replace(safePath('a'), Buffer.from('new'), 0o644)
    const folder = jail.replace(safePath('folder'), Buffer.from('new'), 0o644)

    await expect(folder).rejects.toThrow(fault('not_a_file'))
    expect(lstatSync(join(root, 'a')).isFile()).toBe(true)
    expect(readFileSync(outside, 'utf8')).toBe('old')
    expect(readdirSync(root).sort()).toEqual(['a', 'folder'])
  })

  test('creates only what is not there', async () => {
    const { root, jail } = aJail()
    symlinkSync('nowhere', join(root, 'link'))

    await jail.create(safePath('a'), Buffer.from('1'), 0o644)

    for (const name of ['a', 'link']) {
      const again = jail.create(safePath(name), Buffer.from('2'), 0o644)
      await expect(again).rejects.toThrow(fault('exists'))
    }
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('1')
  })

  test('the folder itself is no file', async () => {
    const { jail } = aJail()

    await expect(jail.replace(wholeFolder, Buffer.from(''), 0o644)).rejects.toThrow(
      'The folder is no regular file.',
    )
  })
})

describe('looking', () => {
  test('tells what an entry is, and of a link that it is one', async () => {
    const { root, jail } = aJail()
    writeFileSync(join(root, 'file'), 'text')
    mkdirSync(join(root, 'folder'))
    symlinkSync('file', join(root, 'link'))

    const { entries, whole } = await jail.list(wholeFolder, 10)

    const kinds = entries.map(({ name, kind }) => [name, kind])
    expect(kinds.sort()).toEqual([
      ['file', 'file'],
      ['folder', 'folder'],
      ['link', 'link'],
    ])
    expect(whole).toBe(true)
    expect(await jail.stat(safePath('file'))).toMatchObject({ kind: 'file', bytes: 4 })
    expect(await jail.stat(wholeFolder)).toMatchObject({ kind: 'folder' })
  })

  test('says when a list is not the whole one', async () => {
    const { root, jail } = aJail()
    for (const name of ['a', 'b', 'c']) writeFileSync(join(root, name), '')

    expect(await jail.list(wholeFolder, 2)).toMatchObject({ whole: false })
  })
})
