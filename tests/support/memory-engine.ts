import {
  type ContainerOrder,
  type ContainerView,
  type LogLine,
  RuntimeError,
  type RuntimeEvent,
} from '../../agent/runtime/runtime.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { Limits } from '../../contract/protocol/spec.ts'

/** A process in a container of the memory engine, as its program sees it. */
export interface MemoryProcess {
  readonly order: ContainerOrder
  print(text: string, stream?: 'stdout' | 'stderr'): void
  exit(code: number, oom?: boolean): void
  /** Called for each line that is typed at the console. */
  onLine(reader: (line: string) => void): void
  /** Without one, any signal ends the process as the kernel would. */
  onSignal(handler: (signal: string) => void): void
}

export type MemoryProgram = (process: MemoryProcess) => void

interface MemoryContainer {
  view: ContainerView
  readonly order: ContainerOrder
  readonly lines: LogLine[]
  readers: ((line: string) => void)[]
  handler: ((signal: string) => void) | null
  /** The process has ended with this code, and the engine has not noticed yet. */
  unnoticed: number | null
  /** Told of each new line and of the end. */
  readonly watchers: Set<() => void>
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  STOPSIGNAL: 15,
}

/** A container engine in memory. It outlives the agents that use it, and knows only what it was told. */
export class MemoryEngine {
  readonly images = new Set<string>()
  /** Images that can be pulled. */
  readonly registry = new Set<string>()
  readonly containers = new Map<string, MemoryContainer>()
  readonly forgotten: ServerId[] = []
  /** What there is to say of the machine. */
  warnings: readonly string[] = []
  /** Limits that running containers were given, in order. */
  readonly resized: Limits[] = []
  refusesLimits: string | null = null
  /** How often each command's container was made. */
  readonly made: string[] = []
  readonly #programs = new Map<string, MemoryProgram>()
  readonly #listeners = new Set<(event: RuntimeEvent) => void>()
  #up = true
  #count = 0
  #ticks = 0

  /** What containers of this image do when they start; the image is here. */
  program(image: string, program: MemoryProgram): void {
    this.images.add(image)
    this.#programs.set(image, program)
  }

  /** What containers of an image that can be pulled do. */
  remote(image: string, program: MemoryProgram): void {
    this.registry.add(image)
    this.#programs.set(image, program)
  }

  listen(listener: (event: RuntimeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setUp(up: boolean): void {
    this.#up = up
    this.#tell({ type: up ? 'engine_found' : 'engine_lost' })
  }

  requireUp(): void {
    if (!this.#up) throw new RuntimeError('engine_down', 'connect ENOENT /var/run/docker.sock')
  }

  of(containerId: string): MemoryContainer {
    const found = this.containers.get(containerId)
    if (found === undefined)
      throw new RuntimeError('no_such_container', `No such container: ${containerId}`)
    return found
  }

  /** The one container of a server with this role; fails when there is none. */
  find(serverId: ServerId, role: 'server' | 'install' = 'server'): MemoryContainer {
    const found = [...this.containers.values()].find(
      ({ view }) => view.marks.serverId === serverId && view.marks.role === role,
    )
    if (found === undefined) throw new Error(`the engine has no ${role} container of ${serverId}`)
    return found
  }

  create(order: ContainerOrder): ContainerView {
    const { serverId, role, commandId } = order.marks
    for (const { view } of this.containers.values()) {
      if (view.marks.serverId !== serverId || view.marks.role !== role) continue
      if (view.state === 'running') throw new Error(`the ${role} container of ${serverId} runs`)
      this.containers.delete(view.id)
    }
    this.#count += 1
    const view: ContainerView = {
      id: `memory-${this.#count}`,
      marks: order.marks,
      state: 'created',
      startedAt: null,
      exit: null,
      ports: [],
    }
    this.made.push(commandId ?? `start ${order.marks.startNo}`)
    this.containers.set(view.id, {
      view,
      order,
      lines: [],
      readers: [],
      handler: null,
      unnoticed: null,
      watchers: new Set(),
    })
    return view
  }

  start(containerId: string): ContainerView {
    const container = this.of(containerId)
    const { order, view } = container
    const isInstall = view.marks.role === 'install'
    const image = isInstall ? order.spec.install?.image : order.spec.image
    const program = this.#programs.get(image ?? '')
    if (program === undefined) throw new Error(`no program was set up for ${image ?? 'no image'}`)
    const ports = isInstall ? [] : order.spec.ports
    container.view = { ...view, state: 'running', startedAt: this.#stamp(), ports }
    program(this.#processOf(container))
    return container.view
  }

  signal(containerId: string, signal: string): void {
    const container = this.of(containerId)
    if (container.view.state !== 'running') return
    if (container.unnoticed !== null) this.end(containerId, container.unnoticed)
    else if (signal !== 'SIGKILL' && container.handler !== null) container.handler(signal)
    else this.end(containerId, 128 + (signalNumbers[signal] ?? 0))
  }

  /** Takes other limits, or refuses as `refusesLimits` says. */
  resize(containerId: string, limits: Limits): void {
    if (this.refusesLimits !== null) throw new RuntimeError('failed', this.refusesLimits)
    this.resized.push(limits)
    this.of(containerId)
  }

  write(containerId: string, text: string): void {
    const { readers, view } = this.of(containerId)
    if (view.state !== 'running') throw new RuntimeError('no_such_container', 'it does not run')
    for (const line of text.split('\n').slice(0, -1)) for (const read of readers) read(line)
  }

  remove(containerId: string): void {
    if (this.containers.get(containerId)?.view.state === 'running') this.end(containerId, 137)
    this.containers.delete(containerId)
  }

  /** Ends a process from outside. */
  end(containerId: string, code: number, oom = false): void {
    const container = this.of(containerId)
    if (container.view.state !== 'running') return
    container.view = {
      ...container.view,
      state: 'exited',
      ports: [],
      exit: { code, oom, at: this.#stamp() },
    }
    for (const watcher of [...container.watchers]) watcher()
    this.#tell({ type: 'died', containerId, serverId: container.view.marks.serverId })
  }

  /** The host goes down: every process ends, and no agent is told. */
  hostGoesDown(): void {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const [id, { view }] of this.containers) if (view.state === 'running') this.end(id, 255)
    for (const listener of listeners) this.#listeners.add(listener)
  }

  #processOf(container: MemoryContainer): MemoryProcess {
    return {
      order: container.order,
      print: (text, stream = 'stdout') => {
        container.lines.push({ at: this.#stamp(), stream, text })
        for (const watcher of [...container.watchers]) watcher()
      },
      exit: (code, oom) => this.end(container.view.id, code, oom),
      onLine: (reader) => container.readers.push(reader),
      onSignal: (handler) => {
        container.handler = handler
      },
    }
  }

  /** A moment later than the last one, with nanoseconds as engines give them. */
  #stamp(): string {
    this.#ticks += 1
    const second = new Date(Date.UTC(2026, 10, 24, 12) + Math.floor(this.#ticks / 1000) * 1000)
    const nanos = String((this.#ticks % 1000) * 1_000_000).padStart(9, '0')
    return `${second.toISOString().slice(0, 19)}.${nanos}Z`
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}
