import type { NodeId, OperationId, ServerId } from '../contract/ids.ts'
import type { DesiredPull, LedgerRpc, LinkView } from '../contract/rpc.ts'
import { ownWatched } from './agent-session.ts'
import { AgentSockets } from './agent-sockets.ts'
import { BrowserSockets } from './browser-sockets.ts'
import { Calls } from './calls.ts'
import { isoOf } from './commands/operation-report.ts'
import type { CommandRow } from './commands/row.ts'
import { Courier } from './courier.ts'
import { Flood } from './flood.ts'
import { isLive } from './link.ts'
import type { NodeParts } from './node-parts.ts'
import { takePull } from './panel-orders.ts'
import { perform } from './perform.ts'
import { Puller, type PullTarget } from './puller.ts'
import { schedule } from './schedule.ts'
import type { Timers } from './settings.ts'
import { persist } from './storage/persist.ts'
import { Stores } from './storage/stores.ts'
import { type Lookups, type NodeStates, Turn } from './turn.ts'

/**
 * A node as its object holds it: states (a cache of what is stored), tables, sockets and errands. Every
 * change goes through `act`. When something throws, the whole is thrown away and built anew from storage.
 */
export class Node implements NodeParts, Lookups, PullTarget {
  readonly nodeId: NodeId
  readonly timers: Timers
  readonly stores: Stores
  readonly agents: AgentSockets
  readonly browsers: BrowserSockets
  readonly calls = new Calls()
  readonly flood = new Flood()
  readonly courier: Courier
  readonly puller: Puller
  states: NodeStates
  private readonly storage: DurableObjectStorage
  private closed = false
  private toldWatched = ''

  constructor(ctx: DurableObjectState, nodeId: NodeId, timers: Timers, ledger: LedgerRpc) {
    this.storage = ctx.storage
    this.nodeId = nodeId
    this.timers = timers
    this.stores = new Stores(ctx.storage)
    this.agents = new AgentSockets(ctx)
    this.browsers = new BrowserSockets(ctx, this.stores.console)
    const { outbox, wakes } = this.stores
    this.courier = new Courier(nodeId, ledger, outbox, wakes, () => this.closed)
    this.puller = new Puller(this, ledger, wakes)
    this.states = this.stores.load()
  }

  /**
   * Runs one event: decisions and their rows in one transaction, then frames and errands [Q2].
   * @param speaker the agent's socket that the event came from
   */
  act(body: (turn: Turn) => void, speaker: WebSocket | null = null): Turn {
    const before = this.states
    const turn = new Turn(before, this, this.timers.link, Date.now())
    this.storage.transactionSync(() => {
      body(turn)
      for (const effect of turn.effects) persist(this.stores, effect, turn.now)
      schedule(this, before, turn)
    })
    this.states = turn.states
    this.stores.wakes.arm(turn.now)
    perform(this, turn, speaker)
    if (turn.states.desired.servers !== before.desired.servers) this.tellWatched()
    return turn
  }

  /** Ends this memory of the node: what is still under way must not touch storage any more. */
  close(): void {
    this.closed = true
    this.calls.dropAll()
  }

  isClosed(): boolean {
    return this.closed
  }

  /**
   * Called when the object woke.
   * @param alarm when the platform's alarm is set for; null: it is not
   */
  rearm(alarm: number | null): void {
    const now = Date.now()
    const { wakes } = this.stores
    wakes.knowAlarm(alarm)
    // A machine that died took the sockets along without a word.
    if (this.states.link.onlineSince !== null && !this.isOnline()) wakes.set('liveness', now)
    wakes.arm(now)
  }

  isOnline(): boolean {
    const { link } = this.states
    return isLive(link, link.epoch) && this.agents.live(link.epoch) !== null
  }

  view(): LinkView {
    const { link, commands } = this.states
    const online = this.isOnline()
    return {
      online,
      epoch: link.epoch,
      since: online ? isoOf(link.onlineSince) : null,
      openCommands: commands.open.size,
      nextWakeAt: this.stores.wakes.next(),
    }
  }

  /** Tells the agent who is watched, when that is not what it was told last. */
  tellWatched(): void {
    if (!this.isOnline()) return
    const { epoch } = this.states.link
    const serverIds = ownWatched(this.states, this.watched())
    const watched = JSON.stringify([epoch, serverIds])
    if (watched === this.toldWatched) return
    this.toldWatched = watched
    this.agents.send(epoch, { type: 'watch', epoch, serverIds })
  }

  revision(): number {
    return this.states.desired.revision
  }

  take(asked: number, pull: DesiredPull): void {
    this.act((turn) => takePull(turn, asked, pull))
  }

  finishedCommand(id: OperationId): CommandRow | null {
    return this.stores.commands.finished(id)
  }

  waitIsKnown(id: OperationId): boolean {
    return this.stores.desired.hasWait(id)
  }

  exitIsKnown(serverId: ServerId, startNo: number): boolean {
    return this.stores.observed.hasExit(serverId, startNo)
  }

  newestLine(serverId: ServerId): number {
    return this.stores.console.newest(serverId)
  }

  facts(): string | null {
    return this.stores.facts.text('host')
  }

  watched(): readonly ServerId[] {
    return this.browsers.watched()
  }
}
