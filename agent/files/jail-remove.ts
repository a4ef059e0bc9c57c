import { randomBytes } from 'node:crypto'
import { type FileHandle, rename, rmdir, unlink } from 'node:fs/promises'
import { at, isChanged, namesIn, openFolderIfThere, type RawName } from './descriptors.ts'
import { codeOf, JailError } from './jail-error.ts'

const atATime = 256
/** Folders held open inside of each other; a deeper one is moved up first. */
const heldOpen = 32
/** So often somebody else may win against us before it is given up. */
const patience = 100

/** Removes an entry, with everything in it when it is a folder. What is not there is no error. */
export async function removeEntry(folder: FileHandle, name: RawName): Promise<void> {
  for (let lost = 0; lost < patience; lost += 1) {
    if (await unlinked(folder, name)) return
    const inside = await openFolderIfThere(at(folder, name))
    if (inside === null) continue
    try {
      await emptyFolder(inside)
    } finally {
      await inside.close()
    }
    if (await folderRemoved(folder, name)) return
  }
  throw new JailError('busy', '')
}

/**
 * Removes everything in a folder. A tree may be deeper than any path and any number of descriptors: folders
 * far down are moved to the top, and so come to their turn.
 */
export async function emptyFolder(top: FileHandle): Promise<void> {
  for (let lost = 0; lost < patience; ) {
    const tally: Tally = { seen: 0, gone: 0 }
    await emptyOnce(top, top, 0, tally)
    if (tally.seen === 0) return
    if (tally.gone === 0) lost += 1
  }
  throw new JailError('busy', '')
}

interface Tally {
  seen: number
  /** Removed or moved up. */
  gone: number
}

async function emptyOnce(top: FileHandle, folder: FileHandle, held: number, tally: Tally) {
  for await (const names of namesIn(folder, atATime)) {
    tally.seen += names.length
    for (const name of names) {
      const gone =
        (await unlinked(folder, name)) || (await folderGone(top, folder, name, held, tally))
      if (gone) tally.gone += 1
    }
  }
}

async function folderGone(
  top: FileHandle,
  folder: FileHandle,
  name: RawName,
  held: number,
  tally: Tally,
): Promise<boolean> {
  if (held === heldOpen) return movedUp(top, folder, name)
  const inside = await openFolderIfThere(at(folder, name))
  if (inside === null) return false
  try {
    await emptyOnce(top, inside, held + 1, tally)
  } finally {
    await inside.close()
  }
  return folderRemoved(folder, name)
}

/** `false`: it is a folder. A link is removed, never what it points to. */
async function unlinked(folder: FileHandle, name: RawName): Promise<boolean> {
  try {
    await unlink(at(folder, name))
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return true
    // Linux says EISDIR; POSIX, and so some file systems, EPERM.
    if (code === 'EISDIR' || code === 'EPERM') return false
    throw error
  }
}

/** `false`: something came into it meanwhile, or it is no folder any more. */
async function folderRemoved(folder: FileHandle, name: RawName): Promise<boolean> {
  try {
    await rmdir(at(folder, name))
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true
    if (codeOf(error) === 'ENOTEMPTY' || isChanged(error)) return false
    throw error
  }
}

async function movedUp(top: FileHandle, folder: FileHandle, name: RawName): Promise<boolean> {
  try {
    await rename(at(folder, name), at(top, `.removed-${randomBytes(8).toString('hex')}`))
    return true
  } catch (error) {
    if (isChanged(error)) return false
    throw error
  }
}
