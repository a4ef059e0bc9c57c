import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { reasonOf } from '../log.ts'
import { type ReadyRule, readyRule } from './ready-rule.ts'
import type { ServerDeps } from './server-deps.ts'

type ReadinessDeps = Pick<ServerDeps, 'book' | 'console' | 'log'>

/** Lines to look back on after the agent's own restart; a text further up is not found again. */
const looksBack = 1000

/** Makes a starting server running when its console says one of its ready texts. */
export function watchReadiness(deps: ReadinessDeps): () => void {
  return deps.console.onLine((serverId, line) => {
    try {
      if (saysReady(deps, serverId, line)) noteReady(deps, serverId)
    } catch (error) {
      // The next line may be taken in; the console must go on.
      deps.log.error('a server cannot be noted as running', { serverId, reason: reasonOf(error) })
    }
  })
}

/** The same for what was said before anybody listened, or before these texts were the ones to wait for. */
export function lookBackForReady(deps: ReadinessDeps, serverId: ServerId): void {
  if (isStarting(deps, serverId) && ruleOf(deps, serverId)?.atOnce === true) {
    noteReady(deps, serverId)
    return
  }
  const since = deps.book.memory(serverId).observed.startedAt
  if (since === null) return
  const lines = deps.console
    .history(serverId, Number.MAX_SAFE_INTEGER, looksBack)
    .filter(({ at }) => Date.parse(at) >= Date.parse(since))
  if (lines.some((line) => saysReady(deps, serverId, line))) noteReady(deps, serverId)
}

function noteReady({ book }: ReadinessDeps, serverId: ServerId): void {
  book.remember(serverId, { observed: { state: 'running' } })
}

/** It has a process that did not say yet that it is ready. */
function isStarting({ book }: ReadinessDeps, serverId: ServerId): boolean {
  const { observed, containerId } = book.memory(serverId)
  return observed.state === 'starting' && containerId !== null
}

function saysReady(deps: ReadinessDeps, serverId: ServerId, line: ConsoleLine): boolean {
  if (line.stream !== 'stdout' && line.stream !== 'stderr') return false
  if (!isStarting(deps, serverId)) return false
  return ruleOf(deps, serverId)?.isSaidBy(line.text) ?? false
}

function ruleOf({ book }: ReadinessDeps, serverId: ServerId): ReadyRule | null {
  const desired = book.desired(serverId)
  return desired === null ? null : readyRule(desired.spec.ready)
}
