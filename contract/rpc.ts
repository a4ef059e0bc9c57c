import type { OperationState } from './api/operations.ts'
import type { NodeId, OperationId, ServerId, UserId } from './ids.ts'
import type { Command, CommandFailure, Progress } from './protocol/commands.ts'
import type { ConsoleLine, ResourceSample } from './protocol/console.ts'
import type { HostFacts, RuntimeFacts } from './protocol/frames.ts'
import type { DesiredServer, ObservedServer } from './protocol/spec.ts'
import type { Result } from './result.ts'

/** Who asked, as the object keeps it with a command. */
export interface Actor {
  readonly kind: 'user' | 'system'
  readonly id: string | null
  readonly name: string
}

export interface SubmitCommand {
  readonly id: OperationId
  readonly command: Command
  /** Milliseconds since 1970; after it a command that was not started must not start. */
  readonly deadline: number | null
  readonly actor: Actor
}

/** A change of desired state, told after it was committed in libSQL. */
export interface DesiredPush {
  /** The node's revision that this change made; a hole before it makes the object pull. */
  readonly revision: number
  readonly server: DesiredServer
  /** The power click, deletion or change that waits for this generation; null: nobody waits. */
  readonly waiting: WaitingOperation | null
}

/** An operation that ends when the node is seen to have reached a generation. */
export interface WaitingOperation {
  readonly id: OperationId
  readonly kind: 'start' | 'stop' | 'restart' | 'kill' | 'delete' | 'update'
  readonly actor: Actor
}

export interface CommandView {
  readonly id: OperationId
  readonly seq: number
  readonly state: OperationState
}

export interface LinkView {
  readonly online: boolean
  readonly epoch: number
  readonly since: string | null
  readonly openCommands: number
  readonly nextWakeAt: number | null
}

/**
 * What the Worker may ask of a node's object. Every method may be called twice with the same arguments
 * and has the same effect as once.
 */
export interface NodeRpc {
  /** Sets the node's key; a different key closes the live socket. `null` revokes. */
  setKey(nodeId: NodeId, publicKey: string | null): Promise<Result<LinkView>>
  /** Lets another machine take the node over at its next hello [N3]. */
  adopt(nodeId: NodeId): Promise<Result<LinkView>>
  setServer(nodeId: NodeId, push: DesiredPush): Promise<Result<LinkView>>
  submit(nodeId: NodeId, order: SubmitCommand): Promise<Result<CommandView>>
  cancel(nodeId: NodeId, id: OperationId): Promise<Result<CommandView>>
  /** The newest lines the object keeps, oldest first. */
  consoleTail(nodeId: NodeId, serverId: ServerId, lines: number): Promise<Result<ConsoleLine[]>>
  /** Older lines from the node's own log; `node_offline` or `node_timeout` when it cannot answer. */
  consoleHistory(
    nodeId: NodeId,
    serverId: ServerId,
    beforeSeq: number,
    limit: number,
  ): Promise<Result<ConsoleLine[]>>
  /** The last sample of a server; null when none was taken. */
  lastSample(nodeId: NodeId, serverId: ServerId): Promise<Result<ResourceSample | null>>
  commandLog(nodeId: NodeId, id: OperationId): Promise<Result<string[]>>
  /** Closes live consoles of these users; who still may come back through the Worker's door. */
  closeWatchers(nodeId: NodeId, userIds: readonly UserId[]): Promise<Result<null>>
  link(nodeId: NodeId): Promise<Result<LinkView>>
  /** Runs whatever is overdue; called by the watchdog. */
  poke(nodeId: NodeId): Promise<Result<LinkView>>
  /** Deletes everything the object keeps, when its node was deleted. */
  forget(nodeId: NodeId): Promise<Result<null>>
}

/**
 * What an object reports to libSQL. Each carries a number that grows per node and is applied once;
 * several reports of one thing may be merged into the newest before they leave.
 */
export type LedgerEvent = { readonly eventNo: number; readonly at: string } & (
  | {
      readonly type: 'node.online'
      readonly agentVersion: string
      /** The link's protocol, as the agent speaks it. */
      readonly proto: number
      readonly host: HostFacts
      readonly runtime: RuntimeFacts
    }
  | { readonly type: 'node.runtime'; readonly host: HostFacts; readonly runtime: RuntimeFacts }
  | { readonly type: 'node.offline'; readonly reason: string }
  | { readonly type: 'node.alert'; readonly alert: NodeAlert; readonly message: string }
  /** Nothing that an alert could speak of was seen for long enough. */
  | { readonly type: 'node.alert_over' }
  | { readonly type: 'server.observed'; readonly observed: ObservedServer }
  | { readonly type: 'server.removed'; readonly serverId: ServerId }
  | { readonly type: 'operation.changed'; readonly operation: OperationReport }
)

export type NodeAlert = 'cloned' | 'restored_agent' | 'undeliverable' | 'poison' | 'protocol'

export interface OperationReport {
  readonly id: OperationId
  readonly state: OperationState
  readonly progress: Progress
  readonly code: CommandFailure | null
  readonly message: string | null
  /** The last lines of the command's log. */
  readonly log: readonly string[]
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** Changes of desired state, oldest first, as many as fit one answer. */
export interface DesiredPull {
  /** The node's revision that these changes lead to. */
  readonly revision: number
  readonly servers: readonly DesiredPush[]
  /** There is more after `revision`: ask again from there. */
  readonly more: boolean
}

/** What an object may ask of the Worker, which alone speaks to libSQL. */
export interface LedgerRpc {
  /** Applies events in order, each once; an event applied before is passed over. */
  apply(nodeId: NodeId, events: readonly LedgerEvent[]): Promise<Result<{ appliedTo: number }>>
  /** The servers of the node that changed after `revision`. */
  pull(nodeId: NodeId, revision: number): Promise<Result<DesiredPull>>
}

/** Paths on which the Worker hands a socket to an object. */
export const objectPaths = {
  agent: '/agent',
  browser: '/browser',
} as const

/** Headers by which the Worker tells an object what it has checked already. */
export const objectHeaders = {
  node: 'x-catalyst-node',
  server: 'x-catalyst-server',
  user: 'x-catalyst-user',
  /** Kinds of operations that the user may hear of, with commas between them. */
  kinds: 'x-catalyst-kinds',
  /** When the socket ends, milliseconds since 1970: the session or API key that opened it ends then. */
  expires: 'x-catalyst-expires',
} as const
