import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import * as z from 'zod'
import { lookAt, openFolder, rawName } from './descriptors.ts'
import { JailError, jailErrorOf } from './jail-error.ts'
import { createFile, readWhole, replaceFile } from './jail-files.ts'
import { type Entry, entryOf, giveTree, listFolder, openOrMake, openStep } from './jail-folders.ts'
import { emptyFolder, removeEntry } from './jail-remove.ts'
import { walkTree } from './jail-walk.ts'

/** Longest name, and longest path, in bytes. */
const longest = { name: 255, path: 4095 } as const
const deepest = 64

const SafePathText = z
  .string()
  .refine((path) => !path.startsWith('/') && !path.includes('\0'))
  .transform((path) => path.split('/').filter((name) => name !== '' && name !== '.'))
  .refine((names) => names.length <= deepest && names.every(isName))
  .transform((names) => names.join('/'))
  .refine((path) => Buffer.byteLength(path) <= longest.path)
  .brand<'SafePath'>()

/** A path below a server's folder, written without detours; empty for the folder itself. */
export type SafePath = z.infer<typeof SafePathText>

function isName(name: string): boolean {
  return name !== '..' && Buffer.byteLength(name) <= longest.name
}

/**
 * The one door through which a text becomes a path. It says where to look, and the walk by descriptors sees
 * to it that nothing else is found there.
 * @throws {JailError} `bad_path`
 */
export function safePath(text: string): SafePath {
  const parsed = SafePathText.safeParse(text)
  if (!parsed.success) throw new JailError('bad_path', JSON.stringify(text.slice(0, 200)))
  return parsed.data
}

/** The server's folder itself. */
export const wholeFolder: SafePath = safePath('')

/**
 * A server's files, for an agent that may do everything while the server may change them at any moment. Each
 * step of a path is opened by itself, without following links, through the descriptor of the step before:
 * whatever is swapped meanwhile, nothing outside of the folder is read, written, listed or given away.
 * Every failure is a {@link JailError}.
 */
export interface Jail {
  stat(path: SafePath): Promise<Entry>
  /** At most `most` entries; `whole`: there are no others. */
  list(path: SafePath, most: number): Promise<{ entries: Entry[]; whole: boolean }>
  /** A regular file and its permission bits. */
  read(path: SafePath, mostBytes: number): Promise<{ bytes: Buffer; mode: number }>
  /** Makes a file, owned by the server; `exists` when there is anything. */
  create(path: SafePath, bytes: Uint8Array, mode: number): Promise<void>
  /** Writes a whole file in one step, owned by the server; folders on the way are made. */
  replace(path: SafePath, bytes: Uint8Array, mode: number): Promise<void>
  /** Makes a folder and those on the way that are not there, owned by the server. */
  makeFolder(path: SafePath): Promise<void>
  /** Deletes a file or link, or a folder with all that is in it; of the whole folder, what is in it. */
  remove(path: SafePath): Promise<void>
  /** Gives a folder's entries, at every depth, to the server; links themselves, never what they point to. */
  give(path: SafePath): Promise<void>
  /**
   * Visits every entry below a folder, down to 256 folders inside of each other.
   * @param goOn asked with the number of entries seen so far; `false` ends the walk
   * @returns whether everything was visited
   */
  walk(
    path: SafePath,
    visit: (stats: Stats) => void,
    goOn: (seen: number) => boolean,
  ): Promise<boolean>
}

/**
 * @param root the server's folder; what is above it is the agent's alone
 * @param uid user and group that own what is made; null: files cannot be given away, and stay the agent's
 */
export function openJail(root: string, uid: number | null): Jail {
  /** Works in the folder at the end of the names, or in one that was made on the way. */
  const inside = async <T>(
    path: SafePath,
    names: readonly string[],
    work: (folder: FileHandle) => Promise<T>,
    make = false,
  ): Promise<T> => {
    try {
      let folder = await openFolder(root)
      try {
        for (const name of names) {
          const next = await (make
            ? openOrMake(folder, rawName(name), uid)
            : openStep(folder, rawName(name)))
          await folder.close()
          folder = next
        }
        return await work(folder)
      } finally {
        await folder.close()
      }
    } catch (error) {
      throw jailErrorOf(error, path)
    }
  }

  /** Works at an entry: in the folder it stands in, with its name. */
  const atEntry = async <T>(
    path: SafePath,
    work: (folder: FileHandle, name: string) => Promise<T>,
    make = false,
  ): Promise<T> => {
    const names = namesOf(path)
    const name = names.pop()
    if (name === undefined) throw new JailError('not_a_file', path)
    return inside(path, names, (folder) => work(folder, rawName(name)), make)
  }

  return {
    stat: (path) =>
      path === wholeFolder
        ? inside(path, [], async (folder) => entryOf('', await folder.stat()))
        : atEntry(path, async (folder, name) => {
            const stats = await lookAt(folder, name)
            if (stats === null) throw new JailError('not_found', path)
            return entryOf(name, stats)
          }),
    list: (path, most) => inside(path, namesOf(path), (folder) => listFolder(folder, most)),
    read: (path, mostBytes) => atEntry(path, (folder, name) => readWhole(folder, name, mostBytes)),
    create: (path, bytes, mode) =>
      atEntry(path, (folder, name) => createFile(folder, name, bytes, { uid, mode })),
    replace: (path, bytes, mode) =>
      atEntry(path, (folder, name) => replaceFile(folder, name, bytes, { uid, mode }), true),
    makeFolder: (path) => inside(path, namesOf(path), async () => {}, true),
    remove: (path) =>
      path === wholeFolder ? inside(path, [], emptyFolder) : atEntry(path, removeEntry),
    give: async (path) => {
      if (uid !== null) await inside(path, namesOf(path), (folder) => giveTree(folder, uid))
    },
    walk: (path, visit, goOn) =>
      inside(path, namesOf(path), (folder) => walkTree(folder, ({ stats }) => visit(stats), goOn)),
  }
}

function namesOf(path: SafePath): string[] {
  return path === '' ? [] : path.split('/')
}
