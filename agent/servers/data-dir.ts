import type { Dirent } from 'node:fs'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { chmod, lchown, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerId } from '../../contract/ids.ts'

/**
 * Where a server's files are. `<data>/servers/<id>/files` is the server's own; what stands beside it is the
 * agent's and out of the server's reach.
 */
export interface DataDirs {
  readonly root: string
  filesOf(serverId: ServerId): string
  /** Makes the folder if it is not there, owned by the server. */
  ensure(serverId: ServerId, uid: number): Promise<void>
  /** Deletes everything in the folder, and follows no link on the way. */
  wipe(serverId: ServerId): Promise<void>
  /** Gives everything in the folder to the server; links themselves, never what they point to. */
  give(serverId: ServerId, uid: number): Promise<void>
  remove(serverId: ServerId): Promise<void>
  /** Notes beside the files whether they are a finished installation, for an agent that lost its database. */
  markInstalled(serverId: ServerId, installed: boolean): Promise<void>
  isInstalled(serverId: ServerId): boolean
  /** Servers that have files here, with the user id that owns them. */
  owners(): { serverId: ServerId; uid: number }[]
}

/** @param isRoot whether files may be given away; without it they stay the agent's own */
export function createDataDirs(dataDir: string, isRoot: boolean): DataDirs {
  const root = join(dataDir, 'servers')
  // A server id is a checked UUID, so it cannot lead out of the root.
  const placeOf = (serverId: ServerId) => join(root, serverId)
  const filesOf = (serverId: ServerId) => join(placeOf(serverId), 'files')
  const marker = (serverId: ServerId) => join(placeOf(serverId), 'installed')
  mkdirSync(root, { recursive: true, mode: 0o700 })
  return {
    root,
    filesOf,
    ensure: async (serverId, uid) => {
      const files = filesOf(serverId)
      await mkdir(files, { recursive: true, mode: 0o750 })
      if (!(await lstat(files)).isDirectory()) throw new Error(`${files} is not a folder`)
      await chmod(files, 0o750)
      if (isRoot) await lchown(files, uid, uid)
    },
    wipe: async (serverId) => {
      const files = filesOf(serverId)
      for (const name of await namesIn(files)) {
        await rm(join(files, name), { recursive: true, force: true })
      }
    },
    give: async (serverId, uid) => {
      if (isRoot) await giveTree(filesOf(serverId), uid)
    },
    remove: (serverId) => rm(placeOf(serverId), { recursive: true, force: true }),
    markInstalled: (serverId, installed) =>
      installed ? writeFile(marker(serverId), '') : rm(marker(serverId), { force: true }),
    isInstalled: (serverId) => existsSync(marker(serverId)),
    owners: () =>
      readdirSync(root).flatMap((name) => {
        const serverId = ServerId.safeParse(name)
        if (!serverId.success || !existsSync(filesOf(serverId.data))) return []
        return [{ serverId: serverId.data, uid: statSync(filesOf(serverId.data)).uid }]
      }),
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : []
}

/** Nothing runs in the folder meanwhile, so no path changes between being read and being used. */
async function giveTree(folder: string, uid: number): Promise<void> {
  const pending: string[] = [folder]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entries: Dirent[] = await readdir(path, { withFileTypes: true })
    for (const entry of entries) {
      const inside = join(path, entry.name)
      const stat = await lstat(inside)
      if (stat.uid !== uid || stat.gid !== uid) await lchown(inside, uid, uid)
      if (entry.isDirectory()) pending.push(inside)
    }
  }
}
