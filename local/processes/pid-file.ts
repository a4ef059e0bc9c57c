import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { markedInGroup, startedAt } from './process-table.ts'

/** Names one process for good: an id alone may be given to another process later. */
const PidFile = z.object({
  id: z.int().positive(),
  startedAt: z.string(),
  /** Stands in the environment of the process and of all that it starts. */
  mark: z.string(),
  command: z.string(),
})
export type PidFile = z.infer<typeof PidFile>

const pollMs = 20

/** Notes a process that has just been started. */
export function writePidFile(file: string, child: Omit<PidFile, 'startedAt'>): void {
  const draft = `${file}.new`
  const began = startedAt(child.id)
  // It may have ended already; then there is nothing to find again.
  if (began === null) return
  writeFileSync(draft, JSON.stringify({ ...child, startedAt: began }), { mode: 0o600 })
  renameSync(draft, file)
}

/**
 * Ends what an earlier run left behind: the process that the file names, if it is still the very
 * same one, first by SIGTERM and after `deadlineMs` by SIGKILL, and what it had started. Resolves
 * to the command that was ended, or null when there was nothing to end.
 */
export async function endOrphan(file: string, deadlineMs: number): Promise<string | null> {
  const noted = readPidFile(file)
  rmSync(file, { force: true })
  if (noted === null) return null
  const wasAlive = isSame(noted)
  if (wasAlive) {
    signal(noted.id, 'SIGTERM')
    const deadline = performance.now() + deadlineMs
    while (isSame(noted) && performance.now() < deadline) await delay(pollMs)
    if (isSame(noted)) signal(noted.id, 'SIGKILL')
  }
  const leftovers = endLeftovers(noted.id, noted.mark)
  while (isSame(noted)) await delay(pollMs)
  return wasAlive || leftovers > 0 ? noted.command : null
}

/** Kills what a process that has ended left in its group; the number of processes killed. */
export function endLeftovers(leader: number, mark: string): number {
  const left = markedInGroup(leader, mark)
  for (const id of left) signal(id, 'SIGKILL')
  return left.length
}

/** Sends a signal; a process that is gone already is none to complain about. */
export function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function isSame(noted: PidFile): boolean {
  return startedAt(noted.id) === noted.startedAt
}

function readPidFile(file: string): PidFile | null {
  if (!existsSync(file)) return null
  try {
    return PidFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // A file that cannot be understood names nobody; to guess whom it meant would be worse.
    return null
  }
}
