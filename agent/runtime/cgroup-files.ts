/** The files of a container's control groups that tell what it used, for either version of them. */
export type CgroupFiles =
  | {
      readonly version: 1
      readonly cpu: string
      readonly memory: string
    }
  | { readonly version: 2; readonly folder: string }

const mount = '/sys/fs/cgroup'

/**
 * Finds them from a process's `/proc/<pid>/cgroup`, whatever driver and parent the engine uses.
 * Null when the table does not name the container: its process ended, and the number is another's.
 */
export function cgroupFilesOf(table: string, containerId: string): CgroupFiles | null {
  const rows = table
    .split('\n')
    .map((row) => /^\d+:([^:]*):(.+)$/.exec(row))
    .flatMap((row) => (row === null ? [] : [{ names: row[1] ?? '', path: row[2] ?? '' }]))
    .filter(({ path }) => path.includes(containerId) && !path.includes('..'))
  const pathOf = (controller: string) =>
    rows.find(({ names }) => names.split(',').includes(controller))?.path
  const cpu = pathOf('cpuacct')
  const memory = pathOf('memory')
  if (cpu !== undefined && memory !== undefined) {
    return { version: 1, cpu: `${mount}/cpuacct${cpu}`, memory: `${mount}/memory${memory}` }
  }
  const unified = rows.find(({ names }) => names === '')?.path
  return unified === undefined ? null : { version: 2, folder: `${mount}${unified}` }
}

/** The number after a name in a file of `name number` rows; null when it is not there. */
export function statValue(stat: string, name: string): number | null {
  const row = stat.split('\n').find((line) => line.startsWith(`${name} `))
  return row === undefined ? null : Number(row.slice(name.length + 1))
}

/** A limit as the kernel writes it; one that is not set is the machine's own size. */
export function limitOf(text: string, machineBytes: number): number {
  const limit = Number(text.trim())
  return Number.isFinite(limit) ? Math.min(limit, machineBytes) : machineBytes
}

/** Bytes in and out of every interface but the loopback, from a process's `/proc/<pid>/net/dev`. */
export function networkBytes(table: string): { rx: number; tx: number } {
  let rx = 0
  let tx = 0
  for (const row of table.split('\n')) {
    const [name, counters] = row.split(':')
    if (counters === undefined || name?.trim() === 'lo') continue
    const columns = counters.trim().split(/\s+/).map(Number)
    rx += columns[0] ?? 0
    tx += columns[8] ?? 0
  }
  return { rx, tx }
}
