import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Entries after which a measurement is given up: what was counted so far would be wrong. */
const mostEntries = 1_000_000
const deepest = 64

/**
 * Bytes that a folder takes on disk, or null when it is too big to say. The server may change its files
 * meanwhile, so folders are opened one by one without following links, and read through what was opened.
 */
export async function diskUsage(folder: string): Promise<number | null> {
  const count = { bytes: 0, entries: 0 }
  const top = await openFolder(folder)
  if (top === null) return null
  const whole = await addFolder(top, count, deepest)
  return whole ? count.bytes : null
}

async function addFolder(
  handle: FileHandle,
  count: { bytes: number; entries: number },
  levels: number,
): Promise<boolean> {
  try {
    const here = `/proc/self/fd/${handle.fd}`
    const entries = await readdir(here, { withFileTypes: true })
    count.entries += entries.length
    if (count.entries > mostEntries || levels === 0) return false
    for (const entry of entries) {
      const path = join(here, entry.name)
      count.bytes += await sizeOf(path)
      if (!entry.isDirectory()) continue
      const inside = await openFolder(path)
      if (inside !== null && !(await addFolder(inside, count, levels - 1))) return false
    }
    return true
  } finally {
    await handle.close()
  }
}

/** What takes part in the race against a running server and lost counts as nothing. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).blocks * 512
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}

async function openFolder(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** Deleted, or no longer a folder (a link, a file). */
function isGone(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(error.code))
}
