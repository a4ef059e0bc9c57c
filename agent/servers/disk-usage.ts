import { type Jail, wholeFolder } from '../files/jail.ts'

/** What a measurement may cost before it is given up. */
export interface DiskBudget {
  readonly entries: number
  /** Asked now and then; `false` ends it. */
  readonly goOn: () => boolean
}

export interface DiskUsage {
  /** What was counted: the least that the folder takes when it is not `whole`. */
  readonly bytes: number
  readonly whole: boolean
}

/** So many files with several names are told apart; of more, each name counts. */
const mostLinked = 100_000

/**
 * Bytes that a server's folder takes on disk: blocks and not lengths, so that a sparse file counts what it
 * takes, and a file with several names once.
 */
export async function diskUsage(jail: Jail, { entries, goOn }: DiskBudget): Promise<DiskUsage> {
  let bytes = 0
  const linked = new Set<string>()
  const whole = await jail.walk(
    wholeFolder,
    (stats) => {
      if (stats.nlink > 1 && stats.isFile()) {
        const inode = `${stats.dev}:${stats.ino}`
        if (linked.has(inode)) return
        if (linked.size < mostLinked) linked.add(inode)
      }
      bytes += stats.blocks * 512
    },
    (seen) => seen <= entries && goOn(),
  )
  return { bytes, whole }
}
