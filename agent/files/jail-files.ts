import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { at, openPlace, openToRead, type RawName, rawName } from './descriptors.ts'
import { JailError } from './jail-error.ts'
import { removeEntry } from './jail-remove.ts'

/** Who owns what is written, and what may be done with it. */
export interface Ownership {
  /** User and group; null: whoever the agent is. */
  readonly uid: number | null
  readonly mode: number
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/**
 * Reads a whole file that is not longer than it may be. It is looked at before it is opened, so that neither
 * a FIFO nor a device is ever opened.
 */
export async function readWhole(
  folder: FileHandle,
  name: RawName,
  mostBytes: number,
): Promise<{ readonly bytes: Buffer; readonly mode: number }> {
  const place = await openPlace(at(folder, name))
  try {
    const stats = await place.stat()
    if (stats.isSymbolicLink()) throw new JailError('is_link', '')
    if (!stats.isFile()) throw new JailError('not_a_file', '')
    if (stats.size > mostBytes) throw new JailError('too_large', '')
    const file = await openToRead(place)
    try {
      return { bytes: await readAtMost(file, mostBytes), mode: stats.mode & 0o777 }
    } finally {
      await file.close()
    }
  } finally {
    await place.close()
  }
}

/** The file may grow while it is read, so its size alone is no bound. */
async function readAtMost(file: FileHandle, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536), 0, 65_536, null)
    if (bytesRead === 0) return Buffer.concat(chunks, length)
    length += bytesRead
    if (length > mostBytes) throw new JailError('too_large', '')
    chunks.push(buffer.subarray(0, bytesRead))
  }
}

/** Makes a file that is not there yet. Half a file is left only by a crash. */
export async function createFile(
  folder: FileHandle,
  name: RawName,
  bytes: Uint8Array,
  { uid, mode }: Ownership,
): Promise<void> {
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
  const file = await open(at(folder, name), flags, 0o600)
  try {
    await file.writeFile(bytes)
    if (uid !== null) await file.chown(uid, uid)
    await file.chmod(mode)
    await file.sync()
  } catch (error) {
    await removeEntry(folder, name)
    throw error
  } finally {
    await file.close()
  }
}

/**
 * Puts a file in the place of what has the name, in one step: whoever reads it finds the old text or the new
 * one. The name gets a new file, so another name (a hard link) of the old one keeps the old text, and a link
 * is replaced, not followed.
 */
export async function replaceFile(
  folder: FileHandle,
  name: RawName,
  bytes: Uint8Array,
  ownership: Ownership,
): Promise<void> {
  const next = rawName(`.catalyst-${randomBytes(8).toString('hex')}`)
  await createFile(folder, next, bytes, ownership)
  try {
    await rename(at(folder, next), at(folder, name))
  } catch (error) {
    await removeEntry(folder, next)
    throw error
  }
}
