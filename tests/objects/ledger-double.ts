import type { NodeId } from '../../contract/ids.ts'
import { failed, ok, type Result } from '../../contract/result.ts'
import type { DesiredPull, DesiredPush, LedgerEvent } from '../../contract/rpc.ts'

/** How the ledger behaves: `lost` applies what it is given and then fails to say so. */
export type Mood = 'well' | 'down' | 'throws' | 'lost'

/** The libSQL side of one node, as the rules describe it: numbers grow, each event is applied once. */
export class LedgerDouble {
  mood: Mood = 'well'
  highest = 0
  attempts = 0
  pulls: number[] = []
  readonly applied: LedgerEvent[] = []
  /** What a pull brings; a node has nothing to pull until a test says so. */
  revision = 0
  servers: DesiredPush[] = []
  perAnswer = Number.POSITIVE_INFINITY

  apply(events: readonly LedgerEvent[]): Result<{ appliedTo: number }> {
    this.attempts += 1
    if (this.mood === 'down') return failed('database_unavailable')
    if (this.mood === 'throws') throw new Error('the ledger broke')
    for (const event of events) {
      if (event.eventNo <= this.highest) continue
      this.highest = event.eventNo
      this.applied.push(event)
    }
    return this.mood === 'lost'
      ? failed('database_unavailable')
      : ok({ appliedTo: Math.max(this.highest, events.at(-1)?.eventNo ?? 0) })
  }

  pull(revision: number): Result<DesiredPull> {
    this.pulls.push(revision)
    if (this.mood !== 'well') return failed('database_unavailable')
    const newer = this.servers.filter((push) => push.revision > revision)
    const servers = newer.slice(0, this.perAnswer)
    const more = servers.length < newer.length
    const last = Math.max(0, ...servers.map((push) => push.revision))
    return ok({ revision: more ? last : Math.max(this.revision, last), servers, more })
  }

  /** Applied events of one type, oldest first. */
  of<Type extends LedgerEvent['type']>(type: Type): Extract<LedgerEvent, { type: Type }>[] {
    return this.applied.filter(
      (event): event is Extract<LedgerEvent, { type: Type }> => event.type === type,
    )
  }

  /** The states that an operation went through, as libSQL saw them. */
  statesOf(id: string): string[] {
    return this.of('operation.changed')
      .filter((event) => event.operation.id === id)
      .map((event) => event.operation.state)
  }
}

const ledgers = new Map<string, LedgerDouble>()

export function ledgerDouble(nodeId: NodeId): LedgerDouble {
  const known = ledgers.get(nodeId)
  if (known !== undefined) return known
  const ledger = new LedgerDouble()
  ledgers.set(nodeId, ledger)
  return ledger
}
