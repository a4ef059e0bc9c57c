import {
  type ContainerOrder,
  type ContainerView,
  RuntimeError,
  type RuntimeEvent,
} from '../../../agent/runtime/runtime.ts'
import type { ServerId } from '../../../contract/ids.ts'
import type { Evidence } from '../evidence.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { Container, ProgramHost } from './container.ts'
import { beginProgram, stopLine } from './programs.ts'

/** What really happened because of one command; no crash undoes it. */
export interface Deeds {
  /** Lines that reached a process. */
  written: number
  /** Installations that ran to a good end. */
  installed: number
}

/** The container engine of one machine. It outlives agents, and knows only what it was told. */
export class Engine implements ProgramHost {
  readonly containers = new Map<string, Container>()
  readonly deeds = new Map<string, Deeds>()
  readonly listeners = new Set<(event: RuntimeEvent) => void>()
  isUp = true
  /** A server's process is asked to end. */
  onStop: (view: ContainerView) => void = () => {}
  /** A container is no more. */
  onForget: (view: ContainerView) => void = () => {}
  /** Milliseconds that an answer takes. */
  latency = 3
  /** The chance that a call does its work and its answer never comes. */
  losesAnswers = 0
  /** Servers print and end by themselves. */
  isLively = true
  now: () => number
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  private made = 0
  private stamps = 0

  constructor(parts: { timeline: Timeline; random: Random; record: Evidence; now: () => number }) {
    this.timeline = parts.timeline
    this.random = parts.random
    this.record = parts.record
    this.now = parts.now
  }

  requireUp(): void {
    if (!this.isUp) throw new RuntimeError('engine_down', 'the engine does not answer')
  }

  setUp(up: boolean): void {
    if (this.isUp === up) return
    this.isUp = up
    this.record.tell(() => `engine ${up ? 'is back' : 'goes away'}`)
    for (const listen of [...this.listeners]) {
      listen({ type: up ? 'engine_found' : 'engine_lost' })
    }
    for (const { watchers } of this.containers.values()) for (const watch of [...watchers]) watch()
  }

  of(id: string): Container {
    const found = this.containers.get(id)
    if (found === undefined) throw new RuntimeError('no_such_container', `No such container: ${id}`)
    return found
  }

  deedsOf(commandId: string): Deeds {
    const known = this.deeds.get(commandId)
    if (known !== undefined) return known
    const made = { written: 0, installed: 0 }
    this.deeds.set(commandId, made)
    return made
  }

  create(order: ContainerOrder): ContainerView {
    const { serverId, role } = order.marks
    for (const { view } of this.containers.values()) {
      if (view.marks.serverId !== serverId || view.marks.role !== role) continue
      if (view.state === 'running') throw new RuntimeError('failed', 'The name is in use.')
      this.forget(view.id)
    }
    this.made += 1
    const view: ContainerView = {
      id: `container-${this.made}`,
      marks: order.marks,
      state: 'created',
      startedAt: null,
      exit: null,
      ports: [],
    }
    const container = { view, order, lines: [], program: null, watchers: new Set<() => void>() }
    this.containers.set(view.id, container)
    this.record.tell(() => `engine makes ${view.id}: ${role} for ${order.marks.commandId}`)
    return view
  }

  start(id: string): ContainerView {
    const container = this.of(id)
    const { marks, state } = container.view
    if (state === 'running') return container.view
    if (marks.role === 'server') this.oneAtATime(marks.serverId)
    container.view = { ...container.view, state: 'running', startedAt: this.stamp() }
    this.record.tell(
      () => `engine starts ${id}: ${marks.role} of ${marks.serverId.slice(-2)} no ${marks.startNo}`,
    )
    container.program = beginProgram(this, container)
    return container.view
  }

  signal(id: string, signal: string): void {
    const container = this.of(id)
    if (container.view.state !== 'running') return
    this.onStop(container.view)
    if (signal === 'SIGKILL') this.end(id, 137)
    else container.program?.signal()
  }

  write(id: string, text: string): void {
    const container = this.of(id)
    if (container.view.state !== 'running') {
      throw new RuntimeError('no_such_container', 'it does not run')
    }
    const line = text.trimEnd()
    if (line === stopLine) this.onStop(container.view)
    if (line.startsWith('do ')) this.deedsOf(line.slice(3)).written += 1
    this.record.tell(() => `engine writes "${line}" to ${id}`)
    container.program?.line(line)
  }

  remove(id: string): void {
    this.record.tell(() => `engine removes ${id}`)
    if (this.containers.get(id)?.view.state === 'running') this.end(id, 137)
    this.forget(id)
  }

  print(container: Container, text: string): void {
    container.lines.push({ at: this.stamp(), stream: 'stdout', text })
    for (const watch of [...container.watchers]) watch()
  }

  /** A process ends. @param isTold whether anybody is told of it */
  end(id: string, code: number, isTold = true): void {
    const container = this.containers.get(id)
    if (container === undefined || container.view.state !== 'running') return
    const { marks } = container.view
    container.program?.stop()
    const exit = { code, oom: false, at: this.stamp() }
    container.view = { ...container.view, state: 'exited', ports: [], exit }
    this.record.tell(() => `engine: ${id} ended with ${code}`)
    if (marks.role === 'install' && code === 0 && marks.commandId !== null) {
      this.deedsOf(marks.commandId).installed += 1
    }
    for (const watch of [...container.watchers]) watch()
    if (!isTold || !this.isUp) return
    const event = { type: 'died', containerId: id, serverId: marks.serverId } as const
    for (const listen of [...this.listeners]) listen(event)
  }

  /** Containers of a server that run. */
  running(serverId: ServerId, role: 'server' | 'install' = 'server'): Container[] {
    return [...this.containers.values()].filter(
      ({ view: { marks, state } }) =>
        marks.serverId === serverId && marks.role === role && state === 'running',
    )
  }

  /** A moment as engines give it: RFC 3339 with nine digits, no two alike. */
  stamp(): string {
    this.stamps += 1
    const second = new Date(this.now()).toISOString().slice(0, -1)
    return `${second}${String(this.stamps % 1_000_000).padStart(6, '0')}Z`
  }

  private forget(id: string): void {
    const container = this.containers.get(id)
    this.containers.delete(id)
    if (container !== undefined) this.onForget(container.view)
  }

  private oneAtATime(serverId: ServerId): void {
    if (this.running(serverId).length === 0) return
    this.record.breaks('I9', `two containers of server ${serverId} run at once`)
  }
}
