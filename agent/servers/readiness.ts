import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { reasonOf } from '../log.ts'
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
  if (isStarting(deps, serverId) && deps.book.desired(serverId)?.spec.ready.length === 0) {
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
  const { book } = deps
  const plain = withoutColours(line.text)
  return book.desired(serverId)?.spec.ready.some((text) => plain.includes(text)) ?? false
}

/** The console keeps colour sequences (SGR); a ready text may be written across them. */
function withoutColours(text: string): string {
  return text.replaceAll(colours, '')
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;:]*m`, 'g')
