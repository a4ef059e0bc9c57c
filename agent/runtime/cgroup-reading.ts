import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import {
  type CgroupFiles,
  cgroupFilesOf,
  limitOf,
  networkBytes,
  statValue,
} from './cgroup-files.ts'
import type { Reading } from './usage.ts'

/**
 * Reads from the kernel's own files what a container used: some 20 times cheaper than asking the
 * engine. Null when the files cannot be read (the agent is not root, the engine is on another
 * machine) or the process has ended.
 * @param at now, milliseconds since 1970
 */
export async function readFromCgroup(
  containerId: string,
  pid: number,
  at: number,
): Promise<Reading | null> {
  try {
    const files = cgroupFilesOf(await text(`/proc/${pid}/cgroup`), containerId)
    if (files === null) return null
    const [used, network] = await Promise.all([usage(files), text(`/proc/${pid}/net/dev`)])
    const { rx, tx } = networkBytes(network)
    return { at, ...used, networkRxBytes: rx, networkTxBytes: tx }
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}

type Used = Pick<Reading, 'cpuNs' | 'memoryBytes' | 'memoryLimitBytes'>

function usage(files: CgroupFiles): Promise<Used> {
  return files.version === 1 ? usageV1(files.cpu, files.memory) : usageV2(files.folder)
}

async function usageV1(cpu: string, memory: string): Promise<Used> {
  const [nanoseconds, used, stat, limit] = await Promise.all([
    text(`${cpu}/cpuacct.usage`),
    text(`${memory}/memory.usage_in_bytes`),
    text(`${memory}/memory.stat`),
    text(`${memory}/memory.limit_in_bytes`),
  ])
  return {
    cpuNs: Number(nanoseconds),
    memoryBytes: Math.max(0, Number(used) - (statValue(stat, 'total_inactive_file') ?? 0)),
    memoryLimitBytes: limitOf(limit, totalmem()),
  }
}

async function usageV2(folder: string): Promise<Used> {
  const [cpu, used, stat, limit] = await Promise.all([
    text(`${folder}/cpu.stat`),
    text(`${folder}/memory.current`),
    text(`${folder}/memory.stat`),
    text(`${folder}/memory.max`),
  ])
  return {
    cpuNs: (statValue(cpu, 'usage_usec') ?? 0) * 1000,
    memoryBytes: Math.max(0, Number(used) - (statValue(stat, 'inactive_file') ?? 0)),
    memoryLimitBytes: limitOf(limit, totalmem()),
  }
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8')
}

/** Not there, not ours to read, or gone between opening and reading (ESRCH, ENODEV). */
function isUnreadable(error: unknown): boolean {
  const codes = ['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'ENODEV', 'EINVAL']
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
