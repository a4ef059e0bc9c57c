import { env } from 'cloudflare:workers'
import { OperationKind } from '../../contract/api/operations.ts'
import type { NodeId, OperationId, ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import type { Hello } from '../../contract/protocol/frames.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import type { Result } from '../../contract/result.ts'
import type { DesiredPush, SubmitCommand, WaitingOperation } from '../../contract/rpc.ts'
import type { NodeObject } from '../../durable-objects/node-object.ts'
import { actor, installOrder, newNodeId } from '../core/examples.ts'
import { AgentDouble, AgentKey } from './agent-double.ts'
import { BrowserDouble } from './browser-double.ts'
import { type LedgerDouble, ledgerDouble } from './ledger-double.ts'

/** A node of its own for one test: its object, its ledger, and the key its agent has. */
export class World {
  readonly nodeId: NodeId
  readonly stub: DurableObjectStub<NodeObject>
  readonly ledger: LedgerDouble
  readonly key: AgentKey
  private connNo = 0
  private revision = 0

  private constructor(nodeId: NodeId, key: AgentKey) {
    this.nodeId = nodeId
    this.stub = env.NODES.getByName(nodeId)
    this.ledger = ledgerDouble(nodeId)
    this.key = key
  }

  static async make(): Promise<World> {
    return new World(newNodeId(), await AgentKey.make())
  }

  /** A world whose node is enrolled. */
  static async enrolled(): Promise<World> {
    const world = await World.make()
    value(await world.stub.setKey(world.nodeId, world.key.publicKey))
    return world
  }

  async dial(): Promise<AgentDouble> {
    return AgentDouble.dial(this.stub, this.nodeId)
  }

  /** Dials and is welcomed; each time with the next connection number. */
  async connect(changes: Partial<Hello> = {}): Promise<AgentDouble> {
    const agent = await this.dial()
    await this.hello(agent, changes)
    await agent.welcomed()
    return agent
  }

  async hello(agent: AgentDouble, changes: Partial<Hello> = {}): Promise<void> {
    this.connNo = Math.max(this.connNo + 1, changes.connNo ?? 0)
    await agent.hello(this.nodeId, this.key, { connNo: this.connNo, ...changes })
  }

  /** Pushes a desired state under the next revision. */
  async push(
    server: DesiredServer,
    waiting: Omit<WaitingOperation, 'actor'> | null = null,
    revision = this.revision + 1,
  ): Promise<DesiredPush> {
    this.revision = Math.max(this.revision, revision)
    const push = { revision, server, waiting: waiting === null ? null : { ...waiting, actor } }
    value(await this.stub.setServer(this.nodeId, push))
    return push
  }

  /** A browser on one server, which hears of every operation unless it is said of which. */
  async browse(
    serverId: ServerId,
    userId = 'user-1',
    kinds: readonly OperationKind[] = OperationKind.options,
    expiresAt: number | null = null,
  ): Promise<BrowserDouble> {
    return BrowserDouble.open(this.stub, serverId, userId, kinds, expiresAt)
  }

  /** Every line that the object keeps of a server. */
  async tail(serverId: ServerId): Promise<ConsoleLine[]> {
    return value(await this.stub.consoleTail(this.nodeId, serverId, 5000))
  }

  /** Orders an installation: a command that may be tried again and be cancelled. */
  async install(serverId: ServerId, more: Partial<SubmitCommand> = {}): Promise<OperationId> {
    const order = installOrder(serverId, more)
    value(await this.stub.submit(this.nodeId, order))
    return order.id
  }
}

/** What a call answered, which the test expects to have gone well. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`failed: ${result.code}`)
  return result.value
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.code
}
