import type { NodeId } from '../contract/ids.ts'
import { CloseCode } from '../contract/protocol/frames.ts'
import { failed, ok, type Result } from '../contract/result.ts'
import type { LinkView } from '../contract/rpc.ts'
import { ledgerOf } from './ledger-port.ts'
import { Node } from './node.ts'
import { type NodeEnv, type Timers, timersFrom } from './settings.ts'
import { FactRows } from './storage/fact-rows.ts'
import { isBorn, migrate } from './storage/migrate.ts'

/** What a node looks like of which the object knows nothing. */
export const unknownNode: LinkView = {
  online: false,
  epoch: 0,
  since: null,
  openCommands: 0,
  nextWakeAt: null,
}

/**
 * Holds the object's node, when it has one. An object that was never told its node writes nothing, so that
 * asking for random ids leaves no trace; the first change that the Worker makes tells it.
 */
export class NodeKeeper {
  private readonly ctx: DurableObjectState
  private readonly timers: Timers
  private nodeId: NodeId | null = null
  private held: Node | null = null

  constructor(ctx: DurableObjectState, env: NodeEnv) {
    this.ctx = ctx
    this.timers = timersFrom(env)
    if (!isBorn(ctx.storage)) return
    migrate(ctx.storage)
    this.nodeId = new FactRows(ctx.storage.sql).get('nodeId')
    void ctx.blockConcurrencyWhile(async () => this.node?.rearm(await ctx.storage.getAlarm()))
  }

  get node(): Node | null {
    if (this.nodeId === null) return null
    this.held ??= new Node(this.ctx, this.nodeId, this.timers, ledgerOf(this.ctx.exports))
    return this.held
  }

  /** The node, when it is this one. */
  of(nodeId: string | null): Node | null {
    return this.nodeId === nodeId ? this.node : null
  }

  /** Answers from the node as it is; `otherwise` when there is none of this id. */
  read<T>(nodeId: NodeId, otherwise: Result<T>, use: (node: Node) => Result<T>): Result<T> {
    const node = this.of(nodeId)
    return node === null ? otherwise : this.guarded(node, use)
  }

  /** Changes the node; an object without one becomes this one. Another node's id is `not_found`. */
  change<T>(nodeId: NodeId, use: (node: Node) => Result<T>): Result<T> {
    if (this.nodeId === null) this.bear(nodeId)
    const node = this.of(nodeId)
    return node === null ? failed('not_found') : this.guarded(node, use)
  }

  /** Throws the node's memory away; it is built anew from storage, which a failed turn left as it was. */
  renew(): Node | null {
    this.held?.close()
    this.held = null
    return this.node
  }

  /** Deletes everything. Sockets are closed, errands under way find the node closed. */
  async forget(nodeId: NodeId): Promise<Result<null>> {
    if (this.nodeId === null) return ok(null)
    const node = this.of(nodeId)
    if (node === null) return failed('not_found')
    this.nodeId = null
    this.held = null
    node.close()
    node.agents.closeAll(CloseCode.unauthorized, 'the node was deleted')
    node.browsers.closeAll('the node was deleted')
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    return ok(null)
  }

  private bear(nodeId: NodeId): void {
    migrate(this.ctx.storage)
    new FactRows(this.ctx.storage.sql).set('nodeId', nodeId)
    this.nodeId = nodeId
  }

  private guarded<T>(node: Node, use: (node: Node) => Result<T>): Result<T> {
    try {
      return use(node)
    } catch (error) {
      console.error('a call broke off', error)
      this.renew()
      return failed('internal')
    }
  }
}
