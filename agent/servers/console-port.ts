import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import type { ContainerView } from '../runtime/runtime.ts'

/** Told of every line once, after it is in the log [C1]; the order per server is the order of `seq`. */
export type ConsoleListener = (serverId: ServerId, line: ConsoleLine) => void

/**
 * Hands lines of one server to the link, at most 1,000 and well under a frame's limit at a time.
 * `false`: there is no link, or it is full; nothing was taken and the same lines are offered again later.
 */
export type ConsoleSend = (serverId: ServerId, lines: readonly ConsoleLine[]) => boolean

/** The node's console log, as the rest of the agent sees it. */
export interface Console {
  /**
   * Reads a container's output, from the last line that was kept of it on, until it has ended [D7].
   * Lines of a container with the role `install` get the stream `install`. Asked again for a container
   * that is being read, it answers the promise of the first time.
   * @returns when everything the container said is in the log; never rejects
   */
  attach(container: ContainerView): Promise<void>
  /**
   * These are all the containers there are; how far others were read is forgotten. One that is still
   * there must be named, also when it has ended: it may be attached to again, and would be read anew.
   */
  keepPositions(containerIds: readonly string[]): void
  /** Records a line that was typed, before it is written to the process. */
  input(serverId: ServerId, line: string): void
  /** Records a line said by Catalyst itself. */
  system(serverId: ServerId, text: string): void
  /** Records a line of an installation that is not a container's output, such as a pull's. */
  installLine(serverId: ServerId, text: string): void
  /** After a welcome: goes on from these numbers; a server that is not named goes on from 0 [C2]. */
  resumeFrom(after: Readonly<Record<string, number>>): void
  /** The link was lost: nothing is sent until `resumeFrom` is called again. */
  pause(): void
  /** Servers whose lines leave at once; those of others may be gathered for a moment. */
  watch(serverIds: ReadonlySet<ServerId>): void
  /** Lines before a number, the newest `limit` of them, oldest first. */
  history(serverId: ServerId, beforeSeq: number, limit: number): ConsoleLine[]
  /** Writes down what was said so far and tells the listeners, without waiting for company. */
  flush(): void
  /** @returns a function that ends the listening */
  onLine(listener: ConsoleListener): () => void
  /** Deletes a removed server's log; reading it ends. */
  forget(serverId: ServerId): void
  /** Ends all reading and writes what is still in memory; containers go on. */
  close(): Promise<void>
}
