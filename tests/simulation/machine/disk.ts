import type { JournalRow } from '../../../agent/journal.ts'
import type { ReadPosition } from '../../../agent/servers/console-store.ts'
import type { ServerMemory } from '../../../agent/servers/server-memory.ts'
import type { KeptDesired } from '../../../agent/storage/desired-store.ts'
import type { OperationId, ServerId } from '../../../contract/ids.ts'
import type { ConsoleLine } from '../../../contract/protocol/console.ts'

/** Console lines that it keeps of each server: few, so that some are lost before they are told. */
export const linesKept = 12

/** The agent's database: what one transaction after the other left on disk. */
export class AgentDatabase {
  readonly journal = new Map<OperationId, JournalRow>()
  isTrusted = false
  readonly desired = new Map<ServerId, KeptDesired>()
  readonly servers = new Map<ServerId, ServerMemory>()
  readonly uids = new Map<ServerId, number>()
  readonly lines = new Map<ServerId, ConsoleLine[]>()
  readonly positions = new Map<string, ReadPosition>()

  copy(): AgentDatabase {
    const copy = new AgentDatabase()
    copy.isTrusted = this.isTrusted
    for (const [id, row] of this.journal) copy.journal.set(id, row)
    for (const [id, kept] of this.desired) copy.desired.set(id, kept)
    for (const [id, memory] of this.servers) copy.servers.set(id, memory)
    for (const [id, uid] of this.uids) copy.uids.set(id, uid)
    for (const [id, lines] of this.lines) copy.lines.set(id, [...lines])
    for (const [id, position] of this.positions) copy.positions.set(id, position)
    return copy
  }
}

/** Who the agent is; a file of its own beside the database. */
export interface IdentityCard {
  readonly machineId: string
  readonly bootNo: number
  readonly connNo: number
  /** The private key, which here is the public one. */
  readonly key: string
}

/** Everything of a data directory that outlives the agent's process. */
export class Disk {
  card: IdentityCard
  /** Null: it is gone, and the next agent makes a new one. */
  database: AgentDatabase | null = null
  /** Servers that have a folder, and whether it holds a finished installation. */
  folders = new Map<ServerId, boolean>()

  constructor(card: IdentityCard) {
    this.card = card
  }

  copy(): Disk {
    const copy = new Disk(this.card)
    copy.database = this.database?.copy() ?? null
    return copy
  }
}
