import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { chmod, lchown, lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerId } from '../../contract/ids.ts'
import { type Jail, openJail, wholeFolder } from '../files/jail.ts'

/**
 * Where a server's files are. `<data>/servers/<id>/files` is the server's own; what stands beside it is the
 * agent's and out of the server's reach.
 */
export interface DataDirs {
  readonly root: string
  filesOf(serverId: ServerId): string
  /**
   * The way to what is in the folder.
   * @param uid owns what is made there; null: the agent, for who only looks or deletes
   */
  jailOf(serverId: ServerId, uid: number | null): Jail
  /** Makes the folder if it is not there, owned by the server. */
  ensure(serverId: ServerId, uid: number): Promise<void>
  /** Deletes everything in the folder. */
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
  const jailOf = (serverId: ServerId, uid: number | null) =>
    openJail(filesOf(serverId), isRoot ? uid : null)
  const wipe = async (serverId: ServerId) => {
    if (existsSync(filesOf(serverId))) await jailOf(serverId, null).remove(wholeFolder)
  }
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
    jailOf,
    wipe,
    give: (serverId, uid) => jailOf(serverId, uid).give(wholeFolder),
    remove: async (serverId) => {
      // The server's own folders may be deeper than any path, which is too much for `rm`.
      await wipe(serverId)
      await rm(placeOf(serverId), { recursive: true, force: true })
    },
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
