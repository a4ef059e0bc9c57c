import type { Node } from '../../../../../contract/api/nodes.ts'
import { coresText, mebibytesText } from '../../../ui/amounts.ts'

/** "2 GiB of 16 GiB": what is promised to servers of what there is. */
export function memoryUse({ allocatedMemoryMb, ...node }: Node): string {
  const all = node.maxMemoryMb ?? node.host?.memoryMb
  return ofAll(allocatedMemoryMb, all, node.memoryOvercommit)
}

export function diskUse({ allocatedDiskMb, ...node }: Node): string {
  return ofAll(allocatedDiskMb, node.maxDiskMb ?? node.host?.diskMb, node.diskOvercommit)
}

function ofAll(usedMb: number, allMb: number | undefined, overcommit: number): string {
  const used = mebibytesText(usedMb)
  return allMb === undefined ? used : `${used} of ${mebibytesText(allMb * overcommit)}`
}

export function cpuUse({ allocatedCpuCores, maxCpuCores, cpuOvercommit, host }: Node): string {
  const all = maxCpuCores === null ? host?.cpus : maxCpuCores * cpuOvercommit
  return all === undefined
    ? coresText(allocatedCpuCores)
    : `${Number(allocatedCpuCores.toFixed(2))} of ${coresText(all)}`
}
