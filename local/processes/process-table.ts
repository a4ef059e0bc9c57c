import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * When a process began, in a form that no later process with the same id can have; null when there
 * is no such process, or only a zombie of it.
 */
export function startedAt(id: number): string | null {
  if (process.platform !== 'linux') return startedAtByPs(id)
  const fields = statFields(id)
  if (fields === null || fields.state === 'Z') return null
  return `${readText('/proc/sys/kernel/random/boot_id')?.trim()}:${fields.startTicks}`
}

/**
 * Whatever lives in the process group that `leader` began and carries the mark in its environment.
 * The group alone would not do: its number may have gone to somebody else's processes. Empty where
 * there is no `/proc`.
 */
export function markedInGroup(leader: number, mark: string): number[] {
  if (process.platform !== 'linux') return []
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.map(Number).filter((id) => {
    if (statFields(id)?.group !== leader) return false
    return (readText(`/proc/${id}/environ`) ?? '').split('\0').includes(mark)
  })
}

function statFields(id: number): { state: string; group: number; startTicks: string } | null {
  const stat = readText(`/proc/${id}/stat`)
  if (stat === null) return null
  // The second field is a name in brackets that may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', group: Number(fields[2]), startTicks: fields[19] ?? '' }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Processes come and go while they are looked at, and some are none of our business.
    return null
  }
}

function startedAtByPs(id: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(id)], { encoding: 'utf8' }).trim()
  } catch {
    // This is how ps says that there is no such process.
    return null
  }
}
