import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises'
import { codeOf } from './jail-error.ts'

/**
 * Linux's flag for a descriptor that only names a place: nothing is opened, so neither a FIFO waits nor a
 * device acts. Node does not name it.
 */
const O_PATH = 0o10000000
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/**
 * A name of one entry as the disk holds it, one character for each byte: names need not be UTF-8, and what
 * cannot be named could not be deleted.
 */
export type RawName = string

export function rawName(name: string): RawName {
  return Buffer.from(name, 'utf8').toString('latin1')
}

export function shownName(name: RawName): string {
  return Buffer.from(name, 'latin1').toString('utf8')
}

/**
 * An entry of an open folder. The kernel goes by the descriptor, not by the folder's path, so it makes no
 * difference what the path means by now. Only the last name is looked up, hence one name and never `..`.
 */
export function at(folder: FileHandle, name: RawName): Buffer {
  return Buffer.from(`/proc/self/fd/${folder.fd}/${name}`, 'latin1')
}

/** What a descriptor stands for, as a path for calls that take no descriptor. */
export function itself(place: FileHandle): string {
  return `/proc/self/fd/${place.fd}`
}

/** Opens a folder. ENOTDIR when it is a link, even one to a folder. */
export function openFolder(path: string | Buffer): Promise<FileHandle> {
  return open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW)
}

/** A folder, or null when it is gone or no folder (any more). */
export async function openFolderIfThere(path: Buffer): Promise<FileHandle | null> {
  try {
    return await openFolder(path)
  } catch (error) {
    if (isChanged(error)) return null
    throw error
  }
}

/** A second descriptor of the same folder. */
export function reopenFolder(folder: FileHandle): Promise<FileHandle> {
  return open(itself(folder), O_PATH | O_DIRECTORY)
}

/** A descriptor of whatever is there, a link itself included. */
export function openPlace(path: Buffer): Promise<FileHandle> {
  return open(path, O_PATH | O_NOFOLLOW)
}

/** Opens for reading what was looked at through its place, and nothing else. */
export function openToRead(place: FileHandle): Promise<FileHandle> {
  return open(itself(place), O_RDONLY | O_NONBLOCK)
}

/** Names in a folder, some at a time; what is added or taken away meanwhile may be missing. */
export async function* namesIn(folder: FileHandle, atATime: number): AsyncGenerator<RawName[]> {
  const entries = await opendir(itself(folder), { encoding: 'latin1', bufferSize: atATime })
  let names: RawName[] = []
  for await (const { name } of entries) {
    names.push(name)
    if (names.length < atATime) continue
    yield names
    names = []
  }
  if (names.length > 0) yield names
}

/** What an entry is, links not followed; null when it is gone. */
export async function lookAt(folder: FileHandle, name: RawName): Promise<Stats | null> {
  try {
    return await lstat(at(folder, name))
  } catch (error) {
    if (isChanged(error)) return null
    throw error
  }
}

/** Deleted meanwhile, or something else than it was. */
export function isChanged(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '')
}
