import type { ContainerOrder, ContainerView, LogLine } from '../../../agent/runtime/runtime.ts'
import type { Evidence } from '../evidence.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'

/** What runs in a container. */
export interface Program {
  /** It is asked to end, by a signal that it may handle. */
  signal(): void
  line(text: string): void
  /** The process is gone. */
  stop(): void
}

/** One container of the engine, as it really is. */
export interface Container {
  view: ContainerView
  readonly order: ContainerOrder
  readonly lines: LogLine[]
  program: Program | null
  /** Called at each new line, at the end, and when the engine goes. */
  readonly watchers: Set<() => void>
}

/** What a program can do to its engine. */
export interface ProgramHost {
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  /** Servers print and end by themselves. */
  readonly isLively: boolean
  print(container: Container, text: string): void
  /** The process ends. @param isTold whether anybody is told of it */
  end(id: string, code: number, isTold?: boolean): void
}
