import type { ServerId } from '../../contract/ids.ts'
import type { ResourceSample } from '../../contract/protocol/console.ts'
import type { RuntimeFacts } from '../../contract/protocol/frames.ts'
import type { Limits, PortBinding, ServerSpec } from '../../contract/protocol/spec.ts'

/** Why the engine could not do what was asked; recognised once, at this port. */
export type RuntimeFault =
  | 'engine_down'
  | 'image_missing'
  | 'port_in_use'
  | 'no_such_container'
  | 'disk_full'
  | 'timed_out'
  /** The node's policy forbids it; the engine was not asked [Q15]. */
  | 'refused'
  /** The engine was asked and would not; `message` holds its words. */
  | 'failed'

/** A fault with the engine's own words in `message`. */
export class RuntimeError extends Error {
  override name = 'RuntimeError'
  readonly fault: RuntimeFault

  constructor(fault: RuntimeFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

/**
 * What a container is for. It stands on the container as a label, so that it can be found again.
 */
export interface ContainerMarks {
  readonly serverId: ServerId
  readonly role: 'server' | 'install'
  /** The start this container is for; 0 for an installation. */
  readonly startNo: number
  readonly incarnation: number
  readonly generation: number
  /** The command that made it; null for a start, which is desired state. */
  readonly commandId: string | null
}

export interface ContainerView {
  readonly id: string
  readonly marks: ContainerMarks
  readonly state: 'created' | 'running' | 'exited'
  readonly startedAt: string | null
  readonly exit: ContainerExit | null
  readonly ports: readonly PortBinding[]
}

export interface ContainerExit {
  readonly code: number
  /** Set by the engine also when only a child was killed: a hint, not the cause. */
  readonly oom: boolean
  readonly at: string
}

export interface ContainerOrder {
  readonly marks: ContainerMarks
  readonly spec: ServerSpec
  /**
   * Absolute path on the host, mounted at /data (servers) or at /mnt/server too (installations).
   */
  readonly dataDir: string
  /** User and group id that owns the files and runs the server. */
  readonly uid: number
}

export interface PullProgress {
  readonly percent: number | null
  readonly bytes: number | null
  readonly message: string
}

/** A line as the engine logged it; `at` is RFC 3339 with nine digits of a second. */
export interface LogLine {
  readonly at: string
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** The engine dropped lines before this one that were not read. */
  readonly lostBefore?: boolean
}

export type RuntimeEvent =
  | { readonly type: 'died'; readonly containerId: string; readonly serverId: ServerId }
  | { readonly type: 'engine_lost' }
  | { readonly type: 'engine_found' }

/**
 * The engine as the agent sees it. Every call has its own time limit and throws `RuntimeError`
 * only. Methods may be repeated: what exists is not made twice, what is gone is not an error.
 */
export interface Runtime {
  facts(): Promise<RuntimeFacts>
  /** Every container that carries our labels, running or not. */
  list(): Promise<ContainerView[]>
  inspect(containerId: string): Promise<ContainerView | null>
  hasImage(image: string): Promise<boolean>
  pull(
    image: string,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<void>
  /**
   * Makes the container; an earlier one of the same server and role that does not run is removed
   * first.
   */
  create(order: ContainerOrder): Promise<ContainerView>
  /**
   * Starts it; `port_in_use` names the owner where it is known. The failed container is removed.
   */
  start(containerId: string): Promise<ContainerView>
  signal(containerId: string, signal: string): Promise<void>
  /** Holds a running container to other limits; throws when it cannot be done while it runs. */
  resize(containerId: string, limits: Limits): Promise<void>
  remove(containerId: string): Promise<void>
  /** The node's own address on the server's network, which is made when it is not there. */
  gateway(serverId: ServerId): Promise<string>
  /** Removes the server's network and firewall rules. */
  forget(serverId: ServerId): Promise<void>
  /** Writes to the process's standard input. */
  write(containerId: string, text: string): Promise<void>
  /**
   * Calls `onLine` once for every line from `since` (inclusive, RFC 3339 with nanoseconds, null:
   * the start) on, in the log's order, and goes on as lines come; resolves when the container has
   * ended and all was read, or on abort. Never slows the container down.
   * @param pace asked before each look at the log: the least milliseconds since the one before
   */
  follow(
    containerId: string,
    since: string | null,
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
    pace?: () => number,
  ): Promise<void>
  /** Resolves when the container has ended. */
  wait(containerId: string, signal: AbortSignal): Promise<ContainerExit>
  /** Null while there is nothing to measure. `diskBytes` is left null. */
  sample(containerId: string): Promise<ResourceSample | null>
  /** Reports ends of containers and of the engine until aborted; reconnects by itself. */
  watch(onEvent: (event: RuntimeEvent) => void, signal: AbortSignal): void
}
