import type { SocketHandlers } from '../../../agent/socket.ts'
import type { Evidence } from '../evidence.ts'
import type { AgentSocket } from '../platform/wire.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { Disk } from './disk.ts'
import type { Engine } from './engine.ts'
import type { JournalWatcher } from './stores.ts'

/** What an agent's process has of the machine that it runs on. */
export interface AgentHost {
  readonly name: string
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  readonly engine: Engine
  readonly disk: Disk
  readonly bootId: string
  readonly watchJournal: JournalWatcher
  /** The disk takes nothing, this many more times. */
  diskFull: number
  now(): number
  monotonic(): number
  dial(handlers: SocketHandlers): AgentSocket
  start(): void
  /** The agent dies. @param isTold its connections end as a living kernel ends them */
  kill(isTold: boolean): void
}
