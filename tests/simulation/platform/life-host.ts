import type { NodeId } from '../../../contract/ids.ts'
import type { LedgerRpc } from '../../../contract/rpc.ts'
import type { Evidence } from '../evidence.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { ObjectCode } from './object-code.ts'
import type { SharedDatabase } from './shared-database.ts'
import type { SimulatedStorage } from './storage.ts'
import type { ObjectSocket } from './wire.ts'

export interface MachineParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  readonly nodeId: NodeId
  readonly code: ObjectCode
  readonly database: SharedDatabase
  readonly ledger: LedgerRpc
}

/** Code of the object that goes on later, if its memory is still there. */
export interface Resumable {
  resumes(work: () => void): void
}

/** What one memory of the object has of the machine that it lives on. */
export interface LifeHost {
  readonly storage: SimulatedStorage
  /** Storage was made to fail, so the object may say so. */
  readonly mayComplain: boolean
  now(): number
  planCommit(): void
  adopt(socket: ObjectSocket, tags?: readonly string[]): void
  socketsWith(tag: string | undefined): ObjectSocket[]
  ledgerFor(life: Resumable): LedgerRpc
}
