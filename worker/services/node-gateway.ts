import { AppError } from '../../contract/errors.ts'
import type { NodeId, OperationId, ServerId, UserId } from '../../contract/ids.ts'
import type { ConsoleLine, ResourceSample } from '../../contract/protocol/console.ts'
import type { Result } from '../../contract/result.ts'
import type {
  CommandView,
  DesiredPush,
  LinkView,
  NodeRpc,
  SubmitCommand,
} from '../../contract/rpc.ts'
import type { Log } from './log.ts'
import { isRetryable } from './retryable.ts'

/** An object as the Worker reaches it: calls, and `fetch` for sockets alone. */
export interface NodeStub extends NodeRpc {
  fetch(request: Request): Promise<Response>
}

/** The part of the platform's namespace that is used here. */
export interface NodeNamespace<Id = unknown> {
  idFromName(name: string): Id
  get(id: Id): NodeStub
}

/** Reaches the objects of nodes. */
export interface NodeGateway {
  of(nodeId: NodeId): NodePort
}

/** One node's object. Every method throws an `AppError` when the object refuses or does not answer. */
export interface NodePort {
  setKey(publicKey: string | null): Promise<LinkView>
  adopt(): Promise<LinkView>
  setServer(push: DesiredPush): Promise<LinkView>
  submit(order: SubmitCommand): Promise<CommandView>
  cancel(id: OperationId): Promise<CommandView>
  consoleTail(serverId: ServerId, lines: number): Promise<ConsoleLine[]>
  consoleHistory(serverId: ServerId, beforeSeq: number, limit: number): Promise<ConsoleLine[]>
  lastSample(serverId: ServerId): Promise<ResourceSample | null>
  commandLog(id: OperationId): Promise<string[]>
  closeWatchers(userIds: readonly UserId[]): Promise<null>
  poke(): Promise<LinkView>
  forget(): Promise<null>
  /** Hands a socket over; the request must be an upgrade. */
  connect(request: Request): Promise<Response>
}

/** The only place that touches an object's stub. */
export function createNodeGateway(namespace: NodeNamespace, log: Log): NodeGateway {
  return { of: (nodeId) => portTo(namespace, log, nodeId) }
}

function portTo(namespace: NodeNamespace, log: Log, nodeId: NodeId): NodePort {
  // A stub that threw may be broken for good, so each attempt makes its own.
  const attempt = <T>(call: (stub: NodeStub) => Promise<T>) =>
    call(namespace.get(namespace.idFromName(nodeId)))
  const reach = async <T>(call: (stub: NodeStub) => Promise<T>): Promise<T> => {
    try {
      return await attempt(call).catch((error: unknown) => {
        if (isRetryable(error)) return attempt(call)
        throw error
      })
    } catch (error) {
      log.error('node_object_failed', { nodeId, reason: String(error) })
      throw new AppError('node_unavailable')
    }
  }
  const ask = async <T>(call: (stub: NodeStub) => Promise<Result<T>>): Promise<T> => {
    const result = await reach(call)
    if (!result.ok) throw new AppError(result.code, result.details)
    return result.value
  }
  return {
    setKey: (publicKey) => ask((stub) => stub.setKey(nodeId, publicKey)),
    adopt: () => ask((stub) => stub.adopt(nodeId)),
    setServer: (push) => ask((stub) => stub.setServer(nodeId, push)),
    submit: (order) => ask((stub) => stub.submit(nodeId, order)),
    cancel: (id) => ask((stub) => stub.cancel(nodeId, id)),
    consoleTail: (serverId, lines) => ask((stub) => stub.consoleTail(nodeId, serverId, lines)),
    consoleHistory: (serverId, beforeSeq, limit) =>
      ask((stub) => stub.consoleHistory(nodeId, serverId, beforeSeq, limit)),
    lastSample: (serverId) => ask((stub) => stub.lastSample(nodeId, serverId)),
    commandLog: (id) => ask((stub) => stub.commandLog(nodeId, id)),
    closeWatchers: (userIds) => ask((stub) => stub.closeWatchers(nodeId, userIds)),
    poke: () => ask((stub) => stub.poke(nodeId)),
    forget: () => ask((stub) => stub.forget(nodeId)),
    connect: (request) => reach((stub) => stub.fetch(request)),
  }
}
