import { isOpen, type OperationState } from '../../../contract/api/operations.ts'
import type { OperationId, ServerId } from '../../../contract/ids.ts'
import type { Command } from '../../../contract/protocol/commands.ts'
import type { ObservedServer, Power, ServerSpec } from '../../../contract/protocol/spec.ts'
import { failed, ok, type Result } from '../../../contract/result.ts'
import type {
  Actor,
  DesiredPull,
  DesiredPush,
  LedgerEvent,
  LedgerRpc,
  WaitingOperation,
} from '../../../contract/rpc.ts'
import type { Evidence } from '../evidence.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'

/** A server as libSQL keeps it. */
export interface ServerRow extends Power {
  readonly id: ServerId
  spec: ServerSpec
  wanted: Power['wanted']
  how: Power['how']
  startNo: number
  lastStartNo: number
  generation: number
  nodeRevision: number
  suspended: boolean
  removed: boolean
  observed: ObservedServer | null
}

/** An operation as libSQL keeps it. Times are milliseconds since 1970. */
export interface OperationRow {
  readonly id: OperationId
  readonly serverId: ServerId
  /** Orders the node; null: it waits until `generation` is observed. */
  readonly command: Command | null
  readonly waits: WaitingOperation['kind'] | null
  readonly generation: number | null
  readonly createdAt: number
  readonly deadline: number | null
  state: OperationState
  code: string | null
  cancelRequested: boolean
}

export const actor: Actor = { kind: 'user', id: null, name: 'Ada' }

/** As many changes as one answer to a pull holds. */
const perPull = 2

/**
 * libSQL and the Worker's way to it, after `worker/services/ledger` (which `tests/worker/ledger.test.ts` holds
 * against a real libSQL): reports are applied once and in order, and what has ended stays as it ended.
 */
export class Ledger implements LedgerRpc {
  readonly servers = new Map<ServerId, ServerRow>()
  readonly operations = new Map<OperationId, OperationRow>()
  readonly gone = new Set<ServerId>()
  isUp = true
  /** Milliseconds for one way. */
  latency = 5
  /** The chance that an answer is lost after the work was done. */
  losesAnswers = 0
  revision = 0
  incarnation = 0
  appliedTo = 0
  isOnline = false
  private readonly timeline: Timeline
  private readonly random: Random
  private readonly record: Evidence

  constructor(parts: { timeline: Timeline; random: Random; record: Evidence }) {
    this.timeline = parts.timeline
    this.random = parts.random
    this.record = parts.record
  }

  apply(_nodeId: string, events: readonly LedgerEvent[]): Promise<Result<{ appliedTo: number }>> {
    return this.answers(() => {
      const last = events.at(-1)?.eventNo ?? 0
      for (const event of events) this.applyOne(event)
      this.appliedTo = Math.max(this.appliedTo, last)
      return { appliedTo: this.appliedTo }
    })
  }

  pull(_nodeId: string, revision: number): Promise<Result<DesiredPull>> {
    return this.answers(() => {
      const changed = [...this.servers.values()]
        .filter((server) => server.nodeRevision > revision)
        .sort((one, other) => one.nodeRevision - other.nodeRevision)
      const page = changed.slice(0, perPull)
      const servers = page.map((server) => this.pushOf(server))
      const last = page.at(-1)
      if (last === undefined || page.length === changed.length) {
        return { revision: this.revision, servers, more: false }
      }
      this.record.saw('pull.paged')
      return { revision: last.nodeRevision, servers, more: true }
    })
  }

  /** What the node is to be told of a server; null when it is gone. */
  readPush(serverId: ServerId, waitId: OperationId | null = null): DesiredPush | null {
    const server = this.servers.get(serverId)
    return server === undefined ? null : this.pushOf(server, waitId)
  }

  /** A new generation of a server, and a new revision of its node. */
  raise(server: ServerRow, change: Partial<ServerRow>): void {
    this.revision += 1
    Object.assign(server, change)
    server.generation += 1
    server.nodeRevision = this.revision
  }

  /** Something else is asked for now: older clicks of the server have ended. */
  supersede(server: ServerRow): void {
    for (const operation of this.operations.values()) {
      const { serverId, waits, generation, state } = operation
      if (serverId !== server.id || !isOpen(state) || generation === null) continue
      const isClick = waits !== 'update' && waits !== 'delete'
      if (isClick && generation < server.generation) operation.state = 'superseded'
    }
  }

  private pushOf(server: ServerRow, waitId: OperationId | null = null): DesiredPush {
    const { id, generation, spec, wanted, startNo, how, suspended, removed } = server
    const waiting = [...this.operations.values()]
      .filter((one) => one.serverId === id && one.generation !== null && isOpen(one.state))
      .sort((one, other) => (other.generation ?? 0) - (one.generation ?? 0))
      .find(({ id: waits }) => waitId === null || waits === waitId)
    const { incarnation } = this
    return {
      revision: server.nodeRevision,
      server: {
        serverId: id,
        incarnation,
        generation,
        spec,
        power: { wanted, startNo, how },
        suspended,
        removed,
      },
      waiting: waiting?.waits == null ? null : { id: waiting.id, kind: waiting.waits, actor },
    }
  }

  private applyOne(event: LedgerEvent): void {
    if (event.eventNo <= this.appliedTo) {
      this.record.saw('ledger.known_event')
      return
    }
    switch (event.type) {
      case 'node.online':
        this.isOnline = true
        break
      case 'node.offline':
        if (!this.isOnline) this.record.saw('ledger.offline_twice')
        this.isOnline = false
        break
      case 'node.alert':
        this.record.saw(`alert.${event.alert}`)
        break
      case 'server.observed':
        this.observe(event.observed)
        break
      case 'server.removed':
        this.remove(event.serverId)
        break
      case 'operation.changed':
        this.change(event.operation)
        break
    }
  }

  private observe(observed: ObservedServer): void {
    const server = this.servers.get(observed.serverId)
    if (server === undefined) return
    const known = server.observed
    const isOlder =
      known !== null &&
      (observed.incarnation - known.incarnation || observed.generation - known.generation) < 0
    if (!isOlder) server.observed = observed
  }

  private remove(serverId: ServerId): void {
    const server = this.servers.get(serverId)
    if (server?.removed !== true) return
    for (const operation of this.operations.values()) {
      if (operation.serverId !== serverId || !isOpen(operation.state)) continue
      operation.state = operation.waits === 'delete' ? 'succeeded' : 'superseded'
    }
    this.servers.delete(serverId)
    this.gone.add(serverId)
  }

  private change(report: Extract<LedgerEvent, { type: 'operation.changed' }>['operation']): void {
    const operation = this.operations.get(report.id)
    if (operation === undefined) return
    if (isOpen(operation.state)) {
      operation.state = report.state
      operation.code = report.code
      return
    }
    // The panel ends clicks, and what its deleted server left, by itself; a command ends at its node.
    const isEndedHere = operation.command === null || operation.state === 'superseded'
    if (isEndedHere || report.state === operation.state) return
    const story = `${operation.id} was ${operation.state} and is told as ${report.state}`
    this.record.breaks('I2', story)
  }

  private answers<T>(work: () => T): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      this.timeline.after(this.latency * (0.5 + this.random.next()), () => {
        if (!this.isUp) {
          const how = this.random.below(3)
          if (how === 0) resolve(failed('database_unavailable'))
          if (how === 1) reject(new Error('the connection was refused'))
          return // Or no answer comes at all.
        }
        const value = work()
        if (this.random.chance(this.losesAnswers)) {
          this.record.saw('fault.ledger_answer_lost')
          return
        }
        this.timeline.after(this.latency * (0.5 + this.random.next()), () => resolve(ok(value)))
      })
    })
  }
}
