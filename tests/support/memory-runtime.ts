import {
  type ContainerExit,
  type LogLine,
  type Runtime,
  RuntimeError,
} from '../../agent/runtime/runtime.ts'
import type { MemoryEngine } from './memory-engine.ts'

export interface MemoryRuntime extends Runtime {
  /** As when the agent's process is killed: no call comes back any more. */
  kill(): void
}

/** One agent's way to the memory engine. */
export function memoryRuntime(engine: MemoryEngine): MemoryRuntime {
  let dead = false
  /** Answers on a later turn, like a socket would. */
  const answer = async <T>(work: () => T): Promise<T> => {
    if (dead) return new Promise<T>(() => {})
    await new Promise((resolve) => setImmediate(resolve))
    if (dead) return new Promise<T>(() => {})
    engine.requireUp()
    return work()
  }
  return {
    kill: () => {
      dead = true
    },
    facts: () =>
      answer(() => ({
        engine: { name: 'memory', version: '1' },
        runc: '1.3.3',
        cgroup: 'v2',
        warnings: [...engine.warnings],
      })),
    list: () => answer(() => [...engine.containers.values()].map(({ view }) => view)),
    inspect: (id) => answer(() => engine.containers.get(id)?.view ?? null),
    hasImage: (image) => answer(() => engine.images.has(image)),
    pull: (image, onProgress, signal) =>
      answer(() => {
        signal.throwIfAborted()
        if (!engine.registry.has(image)) {
          throw new RuntimeError('image_missing', `pull access denied for ${image}`)
        }
        onProgress({ percent: 50, bytes: 5, message: 'half of it' })
        engine.images.add(image)
      }),
    create: (order) => answer(() => engine.create(order)),
    start: (id) => answer(() => engine.start(id)),
    signal: (id, signal) => answer(() => engine.signal(id, signal)),
    resize: (id, limits) => answer(() => engine.resize(id, limits)),
    remove: (id) => answer(() => engine.remove(id)),
    gateway: () => answer(() => '10.213.0.1'),
    forget: (serverId) => answer(() => void engine.forgotten.push(serverId)),
    write: (id, text) => answer(() => engine.write(id, text)),
    follow: (id, since, onLine, signal) =>
      answer(() => engine.of(id)).then((container) => {
        const first = container.lines.findIndex(({ at }) => since === null || at >= since)
        let next = first < 0 ? container.lines.length : first
        const read = () => {
          for (; next < container.lines.length && !dead; next += 1) {
            onLine(container.lines[next] as LogLine) // The index was just checked.
          }
          return container.view.state === 'exited'
        }
        return ended(container.watchers, read, signal)
      }),
    wait: (id, signal) =>
      answer(() => engine.of(id)).then(async (container): Promise<ContainerExit> => {
        await ended(container.watchers, () => container.view.state === 'exited', signal)
        signal.throwIfAborted()
        if (dead || container.view.exit === null) return new Promise(() => {})
        return container.view.exit
      }),
    sample: (id) =>
      answer(() => ({
        serverId: engine.of(id).view.marks.serverId,
        at: '2026-11-24T12:00:00.000Z',
        cpuPercent: 12,
        memoryBytes: 1000,
        memoryLimitBytes: 2000,
        networkRxBytes: 0,
        networkTxBytes: 0,
        diskBytes: null,
        uptimeMs: 5,
      })),
    watch: (onEvent, signal) => {
      const stop = engine.listen((event) => {
        if (!dead) onEvent(event)
      })
      signal.addEventListener('abort', stop)
    },
  }
}

/** Calls `isOver` now and whenever something happened, until it says so or the signal comes. */
function ended(
  watchers: Set<() => void>,
  isOver: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      watchers.delete(look)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const look = () => {
      if (isOver()) finish()
    }
    watchers.add(look)
    signal.addEventListener('abort', finish)
    if (signal.aborted) finish()
    else look()
  })
}
