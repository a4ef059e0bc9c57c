import type { FinalOperation, History, RecordOf } from './history.ts'

export type Effect = RecordOf<'effect'>

/** A history, looked up in the ways in which checks ask. */
export interface Told {
  readonly history: History
  readonly operations: readonly FinalOperation[]
  readonly byId: ReadonlyMap<string, FinalOperation>
  /** In the order of their server's file. */
  readonly effects: readonly Effect[]
  effectsOf(operation: FinalOperation): readonly Effect[]
  operationOf(effect: Effect): FinalOperation | null
  /** Whether its effect, if it has one, is sure to be seen. */
  leavesMarks(operation: FinalOperation): boolean
  /** Whether two machines held the node's journal while it was open. */
  wasCloned(operation: FinalOperation): boolean
}

export function tell(history: History): Told {
  const operations = history.of('operation')
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  const bySubject = new Map(
    operations.flatMap((operation) =>
      operation.subject === null ? [] : [[operation.subject, operation] as const],
    ),
  )
  const effects = history.of('effect')
  const operationOf = ({ operationId, kind, text }: Effect) => {
    if (kind === 'line') return bySubject.get(text) ?? null
    return operationId === null ? null : (byId.get(operationId) ?? null)
  }
  const clones = history.of('cloned')
  const mayStop = new Set(
    history.of('asked').flatMap(({ verb, serverId }) => (clicks.has(verb) ? [serverId] : [])),
  )
  const found = Map.groupBy(effects, (effect) => operationOf(effect)?.operationId ?? '')
  return {
    history,
    operations,
    byId,
    effects,
    effectsOf: ({ operationId }) => found.get(operationId) ?? [],
    operationOf,
    // A program that is ended may not have read what was typed.
    leavesMarks: ({ kind, serverId }) =>
      kind === 'server.install' || (kind === 'console.input' && !mayStop.has(serverId ?? '')),
    wasCloned: ({ createdAt, endedAt }) =>
      clones.some(({ at, until }) => createdAt <= until && (endedAt ?? until) >= at),
  }
}

const clicks: ReadonlySet<string> = new Set(['start', 'stop', 'restart', 'kill'])
