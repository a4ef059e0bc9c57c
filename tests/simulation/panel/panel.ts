import { isOpen } from '../../../contract/api/operations.ts'
import type { OperationId } from '../../../contract/ids.ts'
import { type Command, commandRules } from '../../../contract/protocol/commands.ts'
import type { Power, ServerSpec } from '../../../contract/protocol/spec.ts'
import type { ServerState } from '../../../contract/rules/server-states.ts'
import { afterCancel, afterClick } from '../../../worker/services/servers/power-change.ts'
import { operationNo, serverNo } from '../../core/examples.ts'
import type { Evidence } from '../evidence.ts'
import type { Timeline } from '../timeline.ts'
import type { Deliveries } from './deliveries.ts'
import type { Ledger, OperationRow, ServerRow } from './ledger.ts'

const watchdogEvery = 60_000
const submittingAtMost = 30_000

/**
 * The Worker as its verbs are written (`worker/services`): commits what is asked for, then tells the object,
 * and has a watchdog that tells again what the object may never have heard.
 */
export class Panel {
  readonly ledger: Ledger
  readonly deliveries: Deliveries
  private made = { servers: 0, operations: 0 }
  private readonly timeline: Timeline
  private readonly record: Evidence

  constructor(
    ledger: Ledger,
    deliveries: Deliveries,
    { timeline, record }: { timeline: Timeline; record: Evidence },
  ) {
    this.ledger = ledger
    this.deliveries = deliveries
    this.timeline = timeline
    this.record = record
    this.watch()
  }

  createServer(spec: ServerSpec): ServerRow {
    this.made.servers += 1
    this.ledger.revision += 1
    const server: ServerRow = {
      id: serverNo(this.made.servers),
      spec,
      wanted: 'stopped',
      how: 'stop',
      startNo: 0,
      lastStartNo: 0,
      generation: 1,
      nodeRevision: this.ledger.revision,
      suspended: false,
      removed: false,
      observed: null,
    }
    this.ledger.servers.set(server.id, server)
    return server
  }

  /** The id that the next operation gets. */
  nextOperation(): OperationId {
    return operationNo(this.made.operations + 1)
  }

  order(command: Command, deadline: number | null): OperationRow {
    if (command.type === 'server.install') {
      const server = this.ledger.servers.get(command.serverId)
      if (server !== undefined) this.ledger.raise(server, {})
    }
    const operation = this.begin({ serverId: command.serverId, command, deadline })
    this.deliveries.deliver(operation)
    return operation
  }

  /** Who asked is not sure whether it was heard, and asks again. */
  again(operation: OperationRow): void {
    // What was refused has ended at the panel, which answers by itself.
    if (operation.code === 'queue_full') return
    this.record.saw('panel.asked_again')
    this.deliveries.deliver(operation)
  }

  click(verb: 'start' | 'stop' | 'restart' | 'kill', server: ServerRow): void {
    const { ledger } = this
    if (server.removed) return
    ledger.raise(server, afterClick(verb, factsOf(server)))
    ledger.supersede(server)
    this.deliveries.deliver(
      this.begin({ serverId: server.id, waits: verb, generation: server.generation }),
    )
  }

  /** A change that an operation waits for, or nobody does. */
  change(server: ServerRow, change: Partial<ServerRow>, isWaitedFor: boolean): void {
    const { ledger } = this
    if (server.removed) return
    ledger.raise(server, change)
    const { id: serverId, generation } = server
    if (isWaitedFor) this.deliveries.deliver(this.begin({ serverId, waits: 'update', generation }))
    else this.deliveries.tellServer(serverId)
  }

  delete(server: ServerRow): void {
    const { ledger } = this
    if (server.removed) return
    ledger.raise(server, { removed: true, wanted: 'stopped', how: 'kill' })
    ledger.supersede(server)
    const { id: serverId, generation } = server
    this.deliveries.deliver(this.begin({ serverId, waits: 'delete', generation }))
  }

  cancel(operation: OperationRow): void {
    if (!isOpen(operation.state)) return
    if (operation.command === null) {
      this.takeBack(operation)
      return
    }
    operation.cancelRequested = true
    if (operation.state === 'submitting') {
      this.deliveries.deliver(operation)
      return
    }
    this.deliveries.sendCancel(operation)
  }

  /** A click that its node has not taken in is undone by wanting what is there. */
  private takeBack(operation: OperationRow): void {
    const server = this.ledger.servers.get(operation.serverId)
    // What waits for an update has nothing to go back to.
    if (server === undefined || server.removed || operation.waits === 'update') return
    if (operation.state === 'running') return
    this.record.saw('cancel.click')
    operation.state = 'cancelled'
    this.ledger.raise(server, afterCancel(factsOf(server)))
    this.deliveries.tellServer(server.id)
  }

  private begin(what: Pick<OperationRow, 'serverId'> & Partial<OperationRow>): OperationRow {
    this.made.operations += 1
    const type = what.command?.type
    const waitsMs = type === undefined ? null : commandRules[type].waitsMs
    const operation: OperationRow = {
      id: operationNo(this.made.operations),
      command: null,
      waits: null,
      generation: null,
      createdAt: this.timeline.now,
      state: 'submitting',
      code: null,
      cancelRequested: false,
      ...what,
      deadline: what.deadline ?? (waitsMs === null ? null : this.timeline.now + waitsMs),
    }
    this.ledger.operations.set(operation.id, operation)
    this.record.tell(
      () =>
        `panel: ${operation.waits ?? type} of ${operation.serverId.slice(-2)} is ${operation.id.slice(-3)}`,
    )
    return operation
  }

  private watch(): void {
    this.timeline.after(watchdogEvery, () => {
      this.watch()
      if (!this.ledger.isUp) return
      for (const operation of this.ledger.operations.values()) {
        const age = this.timeline.now - operation.createdAt
        if (operation.state !== 'submitting' || age < submittingAtMost) continue
        this.record.saw('panel.watchdog_tells_again')
        this.deliveries.deliver(operation)
      }
      this.deliveries.poke()
    })
  }
}

function factsOf(server: ServerRow) {
  const { observed } = server
  const state: ServerState = observed?.state ?? 'not_installed'
  const power: Power = server
  const { wanted, how, startNo } = power
  const observedStartNo = observed?.startNo ?? 0
  const problem = observed?.problem ?? null
  return { wanted, how, startNo, lastStartNo: server.lastStartNo, state, observedStartNo, problem }
}
