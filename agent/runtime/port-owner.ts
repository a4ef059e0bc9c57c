import { readdir, readFile, readlink } from 'node:fs/promises'
import type { PortBinding } from '../../contract/protocol/spec.ts'

type HostPort = Pick<PortBinding, 'hostPort' | 'protocol'>

/**
 * The process of this machine that holds a port, as `name (pid)`; null when it cannot be found, for
 * example because the agent may not look at other users' processes.
 */
export async function processOnPort({ hostPort, protocol }: HostPort): Promise<string | null> {
  const tables = await Promise.all(
    [protocol, `${protocol}6`].map((name) => textOf(`/proc/net/${name}`)),
  )
  const inodes = tables.flatMap((table) => socketsOn(table, hostPort, protocol))
  return inodes.length === 0 ? null : holderOf(new Set(inodes))
}

/** Inodes of sockets in one of the kernel's socket tables that are bound to a port. */
export function socketsOn(table: string, port: number, protocol: HostPort['protocol']): string[] {
  const listening = '0A'
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((row) => {
    const columns = row.trim().split(/\s+/)
    const [, local = '', , state] = columns
    const inode = columns[9]
    if (!local.endsWith(wanted) || inode === undefined) return []
    return protocol === 'udp' || state === listening ? [inode] : []
  })
}

async function holderOf(inodes: ReadonlySet<string>): Promise<string | null> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (!(await holdsOne(pid, inodes))) continue
    const name = (await textOf(`/proc/${pid}/comm`)).trim()
    return `${name || 'a process'} (pid ${pid})`
  }
  return null
}

async function holdsOne(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  // Processes end, and others' cannot be looked into: either way they are not the answer.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}

/** Empty when it cannot be read. */
function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
