import { readFileSync } from 'node:fs'

/**
 * How many files a container may have open: what the policy says, or the hard limit of this process
 * where that is lower. An engine that was started under such a limit cannot give more than it has,
 * and fails every start that asks for it.
 */
export function openFilesLimit(wanted: number): number {
  return Math.min(wanted, hardLimitIn(readFileSync('/proc/self/limits', 'utf8')))
}

/** The hard limit in the text of `/proc/<id>/limits`; infinite when it is not named. */
export function hardLimitIn(limits: string): number {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1]
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard)
}
