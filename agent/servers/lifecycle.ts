import { assertNever } from '../../contract/assert-never.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import { lookBackForReady } from './readiness.ts'
import type { Step } from './reconcile.ts'
import { resize } from './resizing.ts'
import type { ServerDeps } from './server-deps.ts'
import { noteRunning, startServer } from './starting.ts'
import { askStop, kill, noteExit, removeServer } from './stopping.ts'

/** A step that does something; the others only say when to look again. */
export type Deed = Exclude<Step, { do: 'nothing' | 'hold' | 'wait' }>

/**
 * Does one step of the plan. Whatever it is about to do is on disk before, so that a restart in the middle
 * finds where it was.
 * @param signal breaks a start off that is not wanted any more
 * @throws {RuntimeError} when the engine failed; the step may be tried again
 */
export async function perform(
  deps: ServerDeps,
  desired: DesiredServer,
  deed: Deed,
  signal: AbortSignal,
): Promise<void> {
  const { serverId, incarnation, generation, power } = desired
  switch (deed.do) {
    case 'start':
      return startServer(deps, desired, deed.afterReboot, signal)
    case 'note_running':
      noteRunning(deps, desired, deed.container)
      return lookBackForReady(deps, serverId)
    case 'note_exit':
      return noteExit(deps, desired, deed.container)
    case 'note_lost':
      return noteExit(deps, desired, null)
    case 'note_unstarted':
      return deps.book.remember(serverId, {
        start: null,
        observed: { state: 'stopped', startedAt: null },
      })
    case 'ask_stop':
      return askStop(deps, desired, deed.container, deed.by)
    case 'resize':
      return resize(deps, desired, deed.container)
    case 'kill':
      return kill(deps, desired, deed.container)
    case 'remove':
      return removeServer(deps, desired)
    case 'refuse': {
      const { code, message } = deed
      deps.console.system(serverId, `Not started: ${message}`)
      return deps.book.remember(serverId, {
        start: { incarnation, startNo: power.startNo, bootId: deps.bootId },
        observed: {
          incarnation,
          generation,
          problem: { code, message, startNo: power.startNo },
        },
      })
    }
    default:
      return assertNever(deed)
  }
}
