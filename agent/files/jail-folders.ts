import type { Stats } from 'node:fs'
import { chown, type FileHandle, lchown, mkdir } from 'node:fs/promises'
import {
  at,
  isChanged,
  itself,
  lookAt,
  namesIn,
  openFolder,
  type RawName,
  shownName,
} from './descriptors.ts'
import { codeOf, JailError } from './jail-error.ts'
import { type Found, walkTree } from './jail-walk.ts'

/** One entry of a folder, as its owner sees it. */
export interface Entry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly bytes: number
  /** Permission bits. */
  readonly mode: number
  /** Milliseconds since 1970. */
  readonly changedAt: number
}

/** The next folder on the way; a link is named as such, for the kernel only says that it is no folder. */
export async function openStep(folder: FileHandle, name: RawName): Promise<FileHandle> {
  try {
    return await openFolder(at(folder, name))
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw error
    const stats = await lookAt(folder, name)
    throw new JailError(stats?.isSymbolicLink() ? 'is_link' : 'not_a_folder', '', { cause: error })
  }
}

/** The next folder on the way, made and given to its owner when it is not there. */
export async function openOrMake(
  folder: FileHandle,
  name: RawName,
  uid: number | null,
): Promise<FileHandle> {
  try {
    await mkdir(at(folder, name), 0o755)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return openStep(folder, name)
  }
  const made = await openStep(folder, name)
  try {
    if (uid !== null) await chown(itself(made), uid, uid)
    return made
  } catch (error) {
    await made.close()
    throw error
  }
}

export async function listFolder(
  folder: FileHandle,
  most: number,
): Promise<{ entries: Entry[]; whole: boolean }> {
  const entries: Entry[] = []
  for await (const names of namesIn(folder, 64)) {
    for (const name of names) {
      if (entries.length === most) return { entries, whole: false }
      const stats = await lookAt(folder, name)
      if (stats !== null) entries.push(entryOf(name, stats))
    }
  }
  return { entries, whole: true }
}

/** Gives what is in a folder, at every depth, to one user and group; links themselves. */
export async function giveTree(folder: FileHandle, uid: number): Promise<void> {
  const give = async ({ folder: parent, name, stats }: Found) => {
    if (stats.uid === uid && stats.gid === uid) return
    try {
      await lchown(at(parent, name), uid, uid)
    } catch (error) {
      if (!isChanged(error)) throw error
    }
  }
  await walkTree(folder, give, () => true)
}

export function entryOf(name: RawName, stats: Stats): Entry {
  return {
    name: shownName(name),
    kind: kindOf(stats),
    bytes: stats.size,
    mode: stats.mode & 0o7777,
    changedAt: stats.mtimeMs,
  }
}

function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'other'
}
