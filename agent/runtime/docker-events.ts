import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import { ServerId } from '../../contract/ids.ts'
import { ownerLabel, serverLabel } from './container-marks.ts'
import { callLimits, limited } from './docker-call.ts'
import { drain, type EngineStreams } from './engine-streams.ts'
import type { RuntimeEvent } from './runtime.ts'

/**
 * Between two tries to reach an engine that is away, and how often one that says nothing is asked.
 */
const timing = { retry: 500, retryAtMost: 5_000, pingEvery: 15_000 } as const

/** An engine's event as far as it matters here: the end of a container of ours. */
const DieEvent = z.object({
  timeNano: z.number(),
  Actor: z.object({ ID: z.string(), Attributes: z.object({ [serverLabel]: ServerId }) }),
})

export interface EventWatch {
  readonly docker: Dockerode
  readonly streams: EngineStreams
  readonly owner: string
  readonly onEvent: (event: RuntimeEvent) => void
  readonly signal: AbortSignal
}

/**
 * Reports ends of containers, and when the engine goes and comes, until the signal. Ends that
 * happened while only the connection was broken are told of afterwards; those during an engine's
 * own restart are not known to it, so whoever hears `engine_found` looks at all containers.
 */
export async function watchEvents(watch: EventWatch): Promise<void> {
  const { onEvent, signal } = watch
  let since = Date.now() / 1000
  let isLost = false
  let wait: number = timing.retry
  const onFound = () => {
    wait = timing.retry
    if (isLost) onEvent({ type: 'engine_found' })
    isLost = false
  }
  const onDeath = (event: z.infer<typeof DieEvent>) => {
    since = event.timeNano / 1e9
    const { ID, Attributes } = event.Actor
    onEvent({ type: 'died', containerId: ID, serverId: Attributes[serverLabel] })
  }
  while (!signal.aborted) {
    // Errors of the stream and an end of it mean the same: the engine does not talk to us.
    await readEvents(watch, since, { onFound, onDeath }).catch(() => undefined)
    if (signal.aborted) return
    if (!isLost) onEvent({ type: 'engine_lost' })
    isLost = true
    await delay(wait, undefined, { signal }).catch(() => undefined)
    wait = Math.min(timing.retryAtMost, wait * 2)
  }
}

interface Listener {
  readonly onFound: () => void
  readonly onDeath: (event: z.infer<typeof DieEvent>) => void
}

async function readEvents(
  { docker, streams, owner, signal }: EventWatch,
  since: number,
  { onFound, onDeath }: Listener,
): Promise<void> {
  const filters = { type: ['container'], event: ['die'], label: [`${ownerLabel}=${owner}`] }
  const query = { since: since.toFixed(9), filters: JSON.stringify(filters) }
  const request = { what: 'events', path: '/events', query, within: callLimits.look }
  await limited('ping', callLimits.look, () => docker.ping())
  const stop = new AbortController()
  const abort = () => stop.abort()
  signal.addEventListener('abort', abort, { once: true })
  const pinging = setInterval(() => void pingOrStop(docker, stop), timing.pingEvery)
  try {
    const stream = await streams.open(request, stop.signal)
    onFound()
    await drain(
      stream,
      lineReader((line) => onLine(line, onDeath)),
    )
  } finally {
    clearInterval(pinging)
    signal.removeEventListener('abort', abort)
    stop.abort()
  }
}

/** An engine that hangs keeps its connections open and says nothing. */
async function pingOrStop(docker: Dockerode, stop: AbortController): Promise<void> {
  await limited('ping', callLimits.look, () => docker.ping()).catch(() => stop.abort())
}

function onLine(line: string, onDeath: Listener['onDeath']): void {
  const event = DieEvent.safeParse(JSON.parse(line))
  if (event.success) onDeath(event.data)
}

function lineReader(take: (line: string) => void): (chunk: Buffer) => undefined {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') take(line)
    return undefined
  }
}
