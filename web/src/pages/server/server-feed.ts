import type { ServerId } from '../../../../contract/ids.ts'
import type { ConsoleLine, ToBrowser } from '../../../../contract/protocol/console.ts'
import { openServerSocket } from '../../api/live.ts'
import { type Merged, mergeLines } from './console/console-lines.ts'
import { type LiveState, nothingYet, withFrame } from './live-state.ts'

/** Lines kept in a tab; the node keeps them all. */
const linesKept = 20_000

export type OperationFrame = Extract<ToBrowser, { type: 'operation' }>

type LinesListener = (change: Merged) => void

/** Everything a server's socket tells, for whoever on its page listens. */
export class ServerFeed {
  private state = nothingYet
  private lines: readonly ConsoleLine[] = []
  private readonly onState = new Set<() => void>()
  private readonly onLines = new Set<LinesListener>()
  private readonly serverId: ServerId
  private readonly onOperation: (frame: OperationFrame) => void

  constructor(serverId: ServerId, onOperation: (frame: OperationFrame) => void) {
    this.serverId = serverId
    this.onOperation = onOperation
  }

  /** Opens the socket. @returns closes it */
  open(): () => void {
    const close = openServerSocket(this.serverId, {
      onFrame: (frame) => this.hear(frame),
      onLink: (link) => this.change({ ...this.state, link }),
      lastSeq: () => this.lines.at(-1)?.seq ?? 0,
    })
    return () => {
      close()
      // What was live until now is not any more.
      this.change({ ...this.state, link: 'connecting' })
    }
  }

  readonly getState = (): LiveState => this.state
  readonly getLines = (): readonly ConsoleLine[] => this.lines

  readonly subscribe = (listener: () => void): (() => void) => {
    this.onState.add(listener)
    return () => this.onState.delete(listener)
  }

  subscribeLines(listener: LinesListener): () => void {
    this.onLines.add(listener)
    return () => this.onLines.delete(listener)
  }

  /** Takes lines in, wherever they came from. */
  take(incoming: readonly ConsoleLine[]): void {
    const merged = mergeLines(this.lines, incoming)
    if (merged.change === 'none') return
    const trimmed = merged.change === 'appended' ? merged.lines.slice(-linesKept) : merged.lines
    this.lines = trimmed
    for (const listener of this.onLines) listener({ ...merged, lines: trimmed })
  }

  private hear(frame: ToBrowser): void {
    if (frame.type === 'hello') this.startOverWhenRenumbered(frame.newestSeq)
    if (frame.type === 'console') this.take(frame.lines)
    else if (frame.type === 'operation') this.onOperation(frame)
    else this.change(withFrame(this.state, frame))
  }

  /** Numbers only grow; smaller ones mean that the node began a new log. */
  private startOverWhenRenumbered(newestSeq: number): void {
    const last = this.lines.at(-1)?.seq ?? 0
    if (newestSeq === 0 || newestSeq >= last) return
    this.lines = []
    for (const listener of this.onLines) listener({ lines: [], change: 'rebuilt', added: [] })
  }

  private change(state: LiveState): void {
    this.state = state
    for (const listener of this.onState) listener()
  }
}
