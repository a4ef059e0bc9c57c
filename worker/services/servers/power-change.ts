import type { Power } from '../../../contract/protocol/spec.ts'
import type { ServerState } from '../../../contract/rules/server-states.ts'
import type { ServerRow } from '../../db/schema/servers.ts'

export type PowerVerb = 'start' | 'stop' | 'restart' | 'kill'

/** The wanted and the seen side of a server's power. */
export type PowerFacts = Pick<
  ServerRow,
  'wanted' | 'startNo' | 'lastStartNo' | 'how' | 'state' | 'observedStartNo' | 'problem'
>

/** What is wanted after a click, as columns of the server. */
export type PowerColumns = Power & { readonly lastStartNo: number }

/** What a click asks for [D1]. */
export function afterClick(verb: PowerVerb, server: PowerFacts): PowerColumns {
  const { startNo, lastStartNo } = server
  if (verb === 'stop' || verb === 'kill') {
    return { wanted: 'stopped', how: verb, startNo, lastStartNo }
  }
  // A second click on a start that has not happened yet asks for that same start, not for another.
  if (isStartAhead(server)) return { wanted: 'running', how: 'stop', startNo, lastStartNo }
  const next = Math.max(lastStartNo, server.observedStartNo) + 1
  return { wanted: 'running', how: 'stop', startNo: next, lastStartNo: next }
}

/** What is wanted after a click was taken back before its node saw it: what is there. */
export function afterCancel(server: PowerFacts): PowerColumns {
  const { startNo, lastStartNo, observedStartNo, state } = server
  if (!alive.includes(state)) return { wanted: 'stopped', how: 'stop', startNo, lastStartNo }
  return { wanted: 'running', how: 'stop', startNo: observedStartNo, lastStartNo }
}

const alive: readonly ServerState[] = ['starting', 'running']

/** Whether the wanted start was neither seen nor tried in vain. */
function isStartAhead({ wanted, startNo, observedStartNo, problem }: PowerFacts): boolean {
  if (wanted !== 'running' || observedStartNo >= startNo) return false
  return problem === null || problem.startNo < startNo
}
