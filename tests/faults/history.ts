import { appendFileSync } from 'node:fs'
import type { OperationState } from '../../contract/api/operations.ts'

/** What was asked of the panel. */
export type Verb = 'line' | 'install' | 'start' | 'stop' | 'restart' | 'kill'

/** What an operation may leave behind in the world. */
export type EffectKind = 'line' | 'install'

export type HistoryRecord = { readonly at: number } & (
  | {
      readonly type: 'asked'
      readonly ask: number
      readonly verb: Verb
      readonly serverId: string
      /** The line; unique. */
      readonly text: string | null
      /** Its `Idempotency-Key`. */
      readonly key: string | null
    }
  /** It was accepted as this operation. */
  | { readonly type: 'answered'; readonly ask: number; readonly operationId: string }
  /** A definite no: nothing was changed. */
  | { readonly type: 'refused'; readonly ask: number; readonly code: string }
  /** Nobody knows: the answer was lost. */
  | { readonly type: 'unanswered'; readonly ask: number }
  | { readonly type: 'fault'; readonly fault: string; readonly detail: string }
  /** A fresh command's round trip succeeded so long after the fault. */
  | { readonly type: 'recovered'; readonly fault: string; readonly tookMs: number }
  /** A copy of the data directory was another agent from `at` until `until`. */
  | { readonly type: 'cloned'; readonly until: number }
  | { readonly type: 'welcomed'; readonly who: 'agent' | 'clone'; readonly epoch: number }
  /** An operation's state as the ledger showed it when it was new. */
  | { readonly type: 'seen'; readonly operationId: string; readonly state: OperationState }
  /** At the end: what the world holds. `order` counts within its server. */
  | {
      readonly type: 'effect'
      readonly kind: EffectKind
      readonly serverId: string
      /** Null: the world does not say, and the text does. */
      readonly operationId: string | null
      readonly text: string
      readonly order: number
      /** When it happened, by the machine's clock. */
      readonly happenedAt: number
    }
  /** At the end: the container of one start of a server. */
  | { readonly type: 'started'; readonly serverId: string; readonly startNo: number }
  | ({ readonly type: 'operation' } & FinalOperation)
  | ({ readonly type: 'server' } & FinalServer)
  | ({ readonly type: 'stores' } & FinalStores)
)

/** An operation as it stood at the end. */
export interface FinalOperation {
  readonly operationId: string
  readonly kind: string
  readonly serverId: string | null
  readonly subject: string | null
  readonly state: OperationState
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly expiresAt: number | null
  /** What the node's object keeps; null: it is no command. */
  readonly atObject: { readonly seq: number; readonly state: string } | null
}

export interface FinalServer {
  readonly serverId: string
  readonly wanted: 'running' | 'stopped'
  readonly state: string
  readonly pending: boolean
}

/** How much the parts keep at the end, when all is done. */
export interface FinalStores {
  readonly journalRows: number
  readonly openCommands: number
  readonly undelivered: number
  readonly nextSeq: number
  readonly commandRows: number
}

export type RecordOf<Type extends HistoryRecord['type']> = Extract<
  HistoryRecord,
  { readonly type: Type }
>

type Untimed<Each> = Each extends unknown ? Omit<Each, 'at'> : never

/** Everything that was seen of one run, in the order in which it was seen. */
export class History {
  readonly records: HistoryRecord[] = []
  private readonly file: string | null

  /** @param file keeps each record as a line of JSON, for whoever looks at a failure */
  constructor(file: string | null = null) {
    this.file = file
  }

  note(record: Untimed<HistoryRecord>, at = Date.now()): void {
    const noted: HistoryRecord = { ...record, at }
    this.records.push(noted)
    if (this.file !== null) appendFileSync(this.file, `${JSON.stringify(noted)}\n`)
  }

  of<Type extends HistoryRecord['type']>(type: Type): RecordOf<Type>[] {
    return this.records.filter((record): record is RecordOf<Type> => record.type === type)
  }
}
