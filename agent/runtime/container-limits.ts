import type { Limits } from '../../contract/protocol/spec.ts'
import type { NodePolicy } from '../policy.ts'

/** What the engine holds a container to; the names are its own. */
export interface LimitRequest {
  readonly Memory: number
  readonly MemorySwap: number
  readonly CpuPeriod: number
  readonly CpuQuota: number
  readonly PidsLimit: number
  readonly CpusetCpus?: string
  readonly BlkioWeight?: number
}

const mebibyte = 1024 * 1024
const cpuPeriodUs = 100_000

/**
 * Turns a spec's limits into the engine's.
 * @param atLeastMb memory that it gets in any case, in MiB
 */
export function limitRequest(
  { memoryMb, memoryOverheadPercent, swapMb = 0, cpuCores, cpuSet, ioWeight, pids }: Limits,
  { pidsLimit }: Pick<NodePolicy, 'pidsLimit'>,
  atLeastMb = 0,
): LimitRequest {
  const memory = memoryBytes(Math.max(memoryMb, atLeastMb), memoryOverheadPercent)
  return {
    Memory: memory,
    // The engine counts both together.
    MemorySwap: memory + swapMb * mebibyte,
    // Not NanoCpus: that one fails on a node with fewer cores than the limit names.
    CpuPeriod: cpuPeriodUs,
    CpuQuota: Math.round(cpuCores * cpuPeriodUs),
    PidsLimit: Math.min(pids ?? pidsLimit, pidsLimit),
    ...(cpuSet === undefined ? {} : { CpusetCpus: cpuSet }),
    ...(ioWeight === undefined ? {} : { BlkioWeight: ioWeight }),
  }
}

/**
 * Bytes for a limit in MiB, with room on top for what a runtime needs beside the heap it was told of:
 * 15 % up to 2 GiB, 10 % up to 4 GiB, 5 % beyond, where the spec says nothing else.
 */
export function memoryBytes(memoryMb: number, overheadPercent?: number): number {
  const usual = memoryMb <= 2048 ? 15 : memoryMb <= 4096 ? 10 : 5
  const percent = overheadPercent ?? usual
  return Math.ceil((memoryMb * (100 + percent)) / 100) * mebibyte
}
