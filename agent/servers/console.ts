import { ServerId } from '../../contract/ids.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { ContainerView, Runtime } from '../runtime/runtime.ts'
import { createConsoleLog } from './console-log.ts'
import type { Console, ConsoleListener, ConsoleSend } from './console-port.ts'
import { readOutput } from './console-reader.ts'
import { createConsoleSender } from './console-sender.ts'
import type { ConsoleStore } from './console-store.ts'

export interface ConsoleParts {
  readonly store: ConsoleStore
  readonly runtime: Runtime
  readonly send: ConsoleSend
  readonly clock: Clock
  readonly log: Log
}

/** A container that is being read. */
interface Reading {
  readonly serverId: ServerId
  readonly stop: AbortController
  readonly done: Promise<void>
}

/**
 * The node's console: reads containers, numbers and keeps their lines, and offers them to the link.
 */
export function createConsole({ store, runtime, send, clock, log }: ConsoleParts): Console {
  const sender = createConsoleSender(store, clock, send)
  const listeners = new Set<ConsoleListener>()
  const readings = new Map<string, Reading>()
  let watched: ReadonlySet<ServerId> = new Set()

  const lines = createConsoleLog({
    store,
    clock,
    log,
    onLine: (serverId, line) => {
      for (const listener of listeners) listener(serverId, line)
      sender.wake(serverId)
    },
  })
  const isWatched = ({ marks }: ContainerView) => watched.has(marks.serverId)
  const readerDeps = { runtime, lines, clock, log, isWatched }

  const startReading = (container: ContainerView): Promise<void> => {
    const { serverId } = container.marks
    const stop = new AbortController()
    const done = readOutput(readerDeps, container, stop.signal).then(() => {
      // After `forget` another reading may stand under the same id.
      if (readings.get(container.id)?.stop === stop) readings.delete(container.id)
      lines.flush()
    })
    readings.set(container.id, { serverId, stop, done })
    return done
  }

  const stopReading = (which: (reading: Reading) => boolean): Promise<void>[] =>
    [...readings.values()].filter(which).map(({ stop, done }) => {
      stop.abort()
      return done
    })

  return {
    attach: (container) => readings.get(container.id)?.done ?? startReading(container),
    keepPositions: (containerIds) => lines.keepPositions([...containerIds, ...readings.keys()]),
    input: (serverId, line) => {
      lines.add(serverId, 'input', line, clock.now())
      lines.flush()
    },
    system: (serverId, text) => lines.add(serverId, 'system', text, clock.now()),
    installLine: (serverId, text) => lines.add(serverId, 'install', text, clock.now()),
    resumeFrom: (after) => {
      const known = new Map<ServerId, number>(store.serverIds().map((serverId) => [serverId, 0]))
      for (const [name, seq] of Object.entries(after)) {
        const serverId = ServerId.safeParse(name)
        if (!serverId.success) continue
        lines.continueAbove(serverId.data, seq)
        known.set(serverId.data, seq)
      }
      sender.resumeFrom(known)
    },
    pause: () => sender.pause(),
    watch: (serverIds) => {
      watched = serverIds
      sender.watch(serverIds)
    },
    history: (serverId, beforeSeq, limit) => {
      lines.flush()
      return store.before(serverId, beforeSeq, limit)
    },
    flush: () => lines.flush(),
    onLine: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget: (serverId) => {
      stopReading((reading) => reading.serverId === serverId)
      lines.forget(serverId)
      sender.forget(serverId)
      store.forget(serverId)
    },
    close: async () => {
      await Promise.all(stopReading(() => true))
      lines.flush()
      sender.pause()
    },
  }
}
