import { type LinkTimers, linkTimers } from '../contract/protocol/frames.ts'

/** Bindings and variables that the object reads. */
export interface NodeEnv {
  /** All timers of the link are divided by it; not set or no number above 0: by 1 [N11]. */
  readonly LINK_TIMER_DIVISOR?: string
}

/** Timers of the object in milliseconds. */
export interface Timers {
  /** Those that `welcome` tells the agent too. */
  readonly link: LinkTimers
  /** Between two looks at the live link: one wake-up an hour is dear, a dead node unnoticed is dearer. */
  readonly lookEvery: number
  /** A ping is late when nothing came for this long; the next look then comes as soon as it is over. */
  readonly pingLateAfter: number
  /** How long a call to the agent may take. */
  readonly callWithin: number
  /** A browser that pinged once and then not for this long is gone. */
  readonly browserGoneAfter: number
  /** An alert ends when nothing like it was seen for this long: a refused agent comes back much sooner. */
  readonly alertStandsFor: number
}

export function timersFrom(env: NodeEnv): Timers {
  const given = Number(env.LINK_TIMER_DIVISOR ?? 1)
  const divisor = given > 0 && Number.isFinite(given) ? given : 1
  const scaled = (ms: number) => Math.max(1, Math.round(ms / divisor))
  return {
    link: {
      pingEvery: scaled(linkTimers.pingEvery),
      agentGivesUpAfter: scaled(linkTimers.agentGivesUpAfter),
      objectGivesUpAfter: scaled(linkTimers.objectGivesUpAfter),
      helloWithin: scaled(linkTimers.helloWithin),
      reconnectAtMost: scaled(linkTimers.reconnectAtMost),
      goodLinkAfter: scaled(linkTimers.goodLinkAfter),
      refusedWaits: scaled(linkTimers.refusedWaits),
    },
    lookEvery: scaled(60_000),
    pingLateAfter: scaled(20_000),
    callWithin: scaled(10_000),
    browserGoneAfter: scaled(180_000),
    alertStandsFor: scaled(3_600_000),
  }
}
