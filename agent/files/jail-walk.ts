import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import {
  at,
  lookAt,
  namesIn,
  openFolderIfThere,
  type RawName,
  reopenFolder,
} from './descriptors.ts'

/** One entry of a walk, with the open folder it stands in. Links are entries and are not followed. */
export interface Found {
  readonly folder: FileHandle
  readonly name: RawName
  readonly stats: Stats
}

/** Entries looked at at a time: enough to keep the disk busy, few enough to leave the pool to others. */
const atATime = 32
/**
 * Folders inside of each other, each of which holds two descriptors. Nothing that anybody uses is as deep;
 * what was made to be is left out and said to be.
 */
const deepest = 256

/**
 * Visits everything below a folder.
 * @param goOn asked with the number of entries seen so far; `false` ends the walk
 * @returns whether everything was visited
 */
export async function walkTree(
  top: FileHandle,
  visit: (found: Found) => Promise<void> | void,
  goOn: (seen: number) => boolean,
): Promise<boolean> {
  let seen = 0
  let stopped = false
  let whole = true

  const walkFolder = async (folder: FileHandle, depth: number): Promise<void> => {
    try {
      for await (const names of namesIn(folder, atATime)) {
        seen += names.length
        stopped ||= !goOn(seen)
        if (stopped) return
        const found = await lookAtAll(folder, names)
        await settled(found.map(async (one) => visit(one)))
        for (const { name, stats } of found) {
          if (stats.isDirectory()) await walkInto(folder, name, depth + 1)
          if (stopped) return
        }
      }
    } finally {
      await folder.close()
    }
  }

  const walkInto = async (folder: FileHandle, name: RawName, depth: number): Promise<void> => {
    if (depth > deepest) {
      whole = false
      return
    }
    const inside = await openFolderIfThere(at(folder, name))
    if (inside !== null) await walkFolder(inside, depth)
  }

  await walkFolder(await reopenFolder(top), 0)
  return whole && !stopped
}

async function lookAtAll(folder: FileHandle, names: readonly RawName[]): Promise<Found[]> {
  const looked = await settled(
    names.map(async (name) => ({ folder, name, stats: await lookAt(folder, name) })),
  )
  return looked.flatMap(({ stats, ...rest }) => (stats === null ? [] : [{ ...rest, stats }]))
}

/**
 * Waits for all, also when one has failed. A call still under way goes by its folder's number, which the
 * kernel gives to something else once the folder is closed.
 */
async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
