import type { ServerId } from '../../contract/ids.ts'
import { reasonOf } from '../log.ts'
import type { RuntimeEvent } from '../runtime/runtime.ts'
import type { ServerDeps } from './server-deps.ts'

export interface EngineWatchDeps
  extends Pick<ServerDeps, 'book' | 'runtime' | 'clock' | 'log' | 'closing'> {
  /** Servers that are worked on right now. */
  readonly atWork: () => Iterable<ServerId>
  /** All containers were looked at anew, or the engine is gone. */
  readonly changed: (up: boolean) => void
  /** One server's container ended. */
  readonly ended: (serverId: ServerId) => void
}

/** Keeps the book's view of containers true. */
export interface EngineWatch {
  /** Null before the first look: nothing is to be planned on guesses. */
  isUp(): boolean | null
  /** Resolves after the first look, whatever it showed. */
  start(): Promise<void>
  /** Work on this server begins: a list that the engine makes meanwhile is older than the work. */
  touch(serverId: ServerId): void
  /** A call found the engine gone. */
  lost(reason: string): void
}

/** All containers are listed anew this often: what no event told is seen then. Milliseconds. */
const lookEvery = 60_000
/** While the engine is away. Milliseconds. */
const retryAfter = 5_000

export function createEngineWatch(deps: EngineWatchDeps): EngineWatch {
  const { book, runtime, clock, log, closing } = deps
  let up: boolean | null = null
  let cancelLook = () => {}
  let looking: Promise<void> | null = null
  let touched = new Set<ServerId>()

  /** One look at a time; who asks during one is served by it. */
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  const lookOnce = async () => {
    cancelLook()
    touched = new Set(deps.atWork())
    try {
      book.seeAll(await runtime.list(), touched)
      if (up === false) log.info('the engine answers again')
      up = true
      if (!closing.aborted) deps.changed(true)
    } catch (error) {
      lost(reasonOf(error))
    }
    if (!closing.aborted) cancelLook = clock.after(up === true ? lookEvery : retryAfter, look)
  }

  const lost = (reason: string) => {
    if (up === false) return
    log.warn('the engine does not answer', { reason })
    up = false
    if (!closing.aborted) deps.changed(false)
  }

  const died = async (containerId: string, serverId: ServerId) => {
    try {
      const seen = await runtime.inspect(containerId)
      if (seen === null) book.unsee(containerId)
      else book.see(seen)
      touched.add(serverId)
      deps.ended(serverId)
    } catch (error) {
      log.warn('an ended container could not be looked at', { serverId, reason: reasonOf(error) })
      void look()
    }
  }

  const onEvent = (event: RuntimeEvent) => {
    if (closing.aborted) return
    if (event.type === 'engine_lost') lost('its events ended')
    else if (event.type === 'engine_found') void look()
    else void died(event.containerId, event.serverId)
  }

  return {
    isUp: () => up,
    start: () => {
      closing.addEventListener('abort', () => cancelLook())
      runtime.watch(onEvent, closing)
      return look()
    },
    touch: (serverId) => {
      touched.add(serverId)
    },
    lost,
  }
}
