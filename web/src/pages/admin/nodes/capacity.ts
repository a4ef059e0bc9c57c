import type { Node } from '../../../../../contract/api/nodes.ts'
import { coresText, mebibytesText } from '../../../ui/amounts.ts'

/** "2 GiB of 16 GiB": what is promised to servers of what there is. */
export function memoryUse({ allocatedMemoryMb, maxMemoryMb, host }: Node): string {
  const all = maxMemoryMb ?? host?.memoryMb
  const used = mebibytesText(allocatedMemoryMb)
  return all === undefined ? used : `${used} of ${mebibytesText(all)}`
}

export function cpuUse({ allocatedCpuCores, maxCpuCores, host }: Node): string {
  const all = maxCpuCores ?? host?.cpus
  return all === undefined
    ? coresText(allocatedCpuCores)
    : `${Number(allocatedCpuCores.toFixed(2))} of ${coresText(all)}`
}
