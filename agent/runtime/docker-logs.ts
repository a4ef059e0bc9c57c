import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import { callLimits, limited } from './docker-call.ts'
import { createLogBell, type LogBell } from './docker-log-bell.ts'
import { createTailReader, type TailReader } from './docker-log-tail.ts'
import type { EngineStreams } from './engine-streams.ts'
import type { LogLine } from './runtime.ts'

/*
 * A following reader of the engine's log cannot be trusted with the lines themselves: when the log
 * is rotated under it, engine 20.10 skips lines, repeats them or falls silent. So it only rings a
 * bell. The lines are read by short requests for the log's tail, each proven to join the one before
 * by the last entry that was read.
 */

/** Between two looks at a log, unless the caller says otherwise. Milliseconds. */
const usualPace = 50

/** A container that was made and not started is looked at again after this. */
const untilStarted = 100

/** Entries read beyond those that the bell counted, so that the last one read is among them. */
const overlap = 16

/** After lines came, the log is looked at unasked: the bell may be stuck. Milliseconds. */
const unasked = [1_000, 5_000, 30_000] as const

export interface LogSource {
  readonly docker: Dockerode
  readonly streams: EngineStreams
}

export interface LogReading {
  readonly since: string | null
  readonly onLine: (line: LogLine) => void
  readonly signal: AbortSignal
  readonly pace: (() => number) | undefined
}

/** Reads a container's log line by line until it has ended; see the port. */
export async function followLog(
  { docker, streams }: LogSource,
  containerId: string,
  reading: LogReading,
): Promise<void> {
  const { since, onLine, signal, pace = () => usualPace } = reading
  const reader = createTailReader(streams, containerId, since, onLine)
  while (!signal.aborted) {
    const state = await stateOf(docker, containerId)
    if (state === 'created') {
      await pause(untilStarted, signal)
      continue
    }
    if (state === 'ended') {
      await reader.readAll()
      return
    }
    const bell = await createLogBell(streams, containerId, signal)
    try {
      await whileItRuns(reader, bell, signal, pace)
    } finally {
      bell.close()
    }
  }
}

async function whileItRuns(
  reader: TailReader,
  bell: LogBell,
  signal: AbortSignal,
  pace: () => number,
): Promise<void> {
  await reader.readAll()
  let quiet = 0
  while (!signal.aborted) {
    const rung = await bell.rings(unasked[Math.min(quiet, unasked.length - 1)] ?? 0)
    if (rung === 'ended') {
      // Whatever ended the bell, do not ask again at once.
      await pause(usualPace, signal)
      return
    }
    const lines = await reader.readTail(bell.take() + overlap)
    if (rung === 'silent' && lines > 0) return // It should have rung: a new one is made.
    quiet = rung === 'silent' ? quiet + 1 : 0
    await pause(pace(), signal)
  }
}

async function stateOf(
  docker: Dockerode,
  containerId: string,
): Promise<'created' | 'running' | 'ended'> {
  const { State } = await limited('inspect', callLimits.look, (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }),
  )
  if (State.Status === 'created') return 'created'
  return State.Running ? 'running' : 'ended'
}

/** Resolves early, and never rejects, when the signal comes. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined)
}
