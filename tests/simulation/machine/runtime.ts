import { type ContainerExit, type Runtime, RuntimeError } from '../../../agent/runtime/runtime.ts'
import type { Container } from './container.ts'
import type { Engine } from './engine.ts'
import type { Mortal } from './mortal.ts'

/** How long a call may take. Milliseconds. */
const answerWithin = 10_000

/**
 * One agent's way to the engine. Calls take time; a process that dies meanwhile hears nothing more, though
 * what it had asked for may still be done.
 */
export function runtimeOf(process: Mortal, engine: Engine): Runtime {
  const { timeline, random } = engine
  /** @param isDeed whether it changes something, so that dying around it is worth a try */
  const call = <T>(work: () => T, isDeed = false): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!process.isAlive) return
      if (isDeed && process.trapped('before_effect')) return
      timeline.after(engine.latency * random.next(), () => {
        // The request of a process that has died meanwhile had left it, or had not.
        if (!process.isAlive && random.chance(0.5)) return
        const settle = outcome(work)
        if (isDeed && process.trapped('after_effect')) return
        const isLost = random.chance(engine.losesAnswers)
        if (isLost) engine.record.saw('fault.engine_answer_lost')
        timeline.after(isLost ? answerWithin : engine.latency * random.next(), () => {
          if (!process.isAlive) return
          if (isLost) reject(new RuntimeError('timed_out', 'the engine took too long'))
          else settle(resolve, reject)
        })
      })
    })
  const outcome = <T>(work: () => T) => {
    try {
      engine.requireUp()
      const value = work()
      return (resolve: (value: T) => void, _reject: (error: unknown) => void) => resolve(value)
    } catch (error) {
      return (_resolve: (value: T) => void, reject: (error: unknown) => void) => reject(error)
    }
  }
  return {
    facts: () =>
      call(() => ({
        engine: { name: 'simulated', version: '1' },
        runc: '1.3',
        cgroup: 'v2',
        warnings: [],
      })),
    list: () => call(() => [...engine.containers.values()].map(({ view }) => view)),
    inspect: (id) => call(() => engine.containers.get(id)?.view ?? null),
    hasImage: (image) => call(() => !image.startsWith('missing')),
    pull: (image) =>
      call(() => {
        throw new RuntimeError('image_missing', `no such image: ${image}`)
      }),
    create: (order) => call(() => engine.create(order), true),
    start: (id) => call(() => engine.start(id), true),
    signal: (id, signal) => call(() => engine.signal(id, signal), true),
    resize: () => call(() => {}, true),
    remove: (id) => call(() => engine.remove(id), true),
    gateway: () => call(() => '10.213.0.1'),
    forget: () => call(() => {}),
    write: (id, text) => call(() => engine.write(id, text), true),
    follow: (id, since, onLine, signal) => follow(process, engine, id, since, onLine, signal),
    wait: (id, signal) => waitFor(process, engine, id, signal),
    sample: () => call(() => null),
    watch: (onEvent, signal) => {
      const listen: typeof onEvent = (event) => {
        timeline.after(engine.latency * random.next(), () => {
          if (process.isAlive && !signal.aborted) onEvent(event)
        })
      }
      engine.listeners.add(listen)
      process.onDeath(() => engine.listeners.delete(listen))
    },
  }
}

/** Reads lines as they come, until the container has ended and all was read. */
function follow(
  process: Mortal,
  engine: Engine,
  id: string,
  since: string | null,
  onLine: Parameters<Runtime['follow']>[2],
  signal: AbortSignal,
): Promise<void> {
  return watching(process, engine, id, signal, ({ lines, view }) => {
    const first = lines.findIndex(({ at }) => since === null || at >= since)
    let next = first < 0 ? lines.length : first
    return () => {
      for (let line = lines[next]; line !== undefined; line = lines[next]) {
        next += 1
        onLine(line)
      }
      return engine.containers.get(view.id)?.view.state !== 'running'
    }
  })
}

async function waitFor(
  process: Mortal,
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<ContainerExit> {
  let exit: ContainerExit | null = null
  await watching(process, engine, id, signal, () => () => {
    exit = engine.of(id).view.exit
    return exit !== null
  })
  signal.throwIfAborted()
  if (exit === null) throw new RuntimeError('failed', 'it has not ended')
  return exit
}

/** Looks at a container now and at each change, until the look says that it is over. */
function watching(
  process: Mortal,
  engine: Engine,
  id: string,
  signal: AbortSignal,
  begin: (container: Container) => () => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let planned = false
    let look: (() => boolean) | null = null
    const finish = (settle: () => void) => {
      engine.containers.get(id)?.watchers.delete(plan)
      signal.removeEventListener('abort', aborted)
      settle()
    }
    const aborted = () => finish(resolve)
    const plan = () => {
      if (planned) return
      planned = true
      engine.timeline.after(1 + engine.latency * engine.random.next(), () => {
        planned = false
        if (!process.isAlive || signal.aborted) return
        try {
          engine.requireUp()
          const container = engine.of(id)
          if (look === null) {
            container.watchers.add(plan)
            process.onDeath(() => container.watchers.delete(plan))
            look = begin(container)
          }
          if (look()) finish(resolve)
        } catch (error) {
          finish(() => reject(error))
        }
      })
    }
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
    else plan()
  })
}
