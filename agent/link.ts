import { CloseCode, type LinkTimers, linkTimers } from '../contract/protocol/frames.ts'

/**
 * Where the link stands. `wait` counts the waits since the link was last good: the n of [N7].
 * Times are on a clock that only goes forward.
 */
export type Link = {
  /** The number of the newest attempt; on disk before it is dialled [N2]. */
  readonly connNo: number
  readonly wait: number
  readonly timers: LinkTimers
} & (
  | { readonly phase: 'waiting'; readonly until: number }
  | { readonly phase: 'dialling'; readonly since: number }
  | { readonly phase: 'greeting'; readonly since: number; readonly beat: Beat }
  | { readonly phase: 'live'; readonly since: number; readonly beat: Beat; readonly epoch: number }
  | { readonly phase: 'stopped' }
)

interface Beat {
  readonly pingedAt: number
  readonly heardAt: number
}

export type LinkEvent =
  | { readonly type: 'start' }
  /** The moment `wakeAt` named has come. */
  | { readonly type: 'tick' }
  | { readonly type: 'opened' }
  | { readonly type: 'challenge'; readonly nonce: string }
  | {
      readonly type: 'welcome'
      readonly epoch: number
      readonly timers: Readonly<Record<string, number>>
    }
  | { readonly type: 'pong' }
  | { readonly type: 'fenced' }
  /** A frame that matters could not be taken in; the next welcome brings it again. */
  | { readonly type: 'missed' }
  /** The socket ended, or never opened; `code` is the close code, or the HTTP status of a refusal. */
  | { readonly type: 'closed'; readonly code: number; readonly reason: string }
  | { readonly type: 'stop' }

export type LinkEffect =
  /** Write the number down, then dial. */
  | { readonly type: 'dial'; readonly connNo: number }
  | { readonly type: 'hello'; readonly nonce: string; readonly connNo: number }
  | { readonly type: 'ping' }
  /** End the socket at once, without a closing handshake. */
  | { readonly type: 'destroy' }
  /** End the socket politely. */
  | { readonly type: 'close' }
  | { readonly type: 'up'; readonly epoch: number }
  | {
      readonly type: 'down'
      readonly code: number
      readonly reason: string
      readonly waitMs: number
    }

export interface LinkInput {
  readonly now: number
  /** From 0 up to, not including, 1. */
  readonly random: number
}

/** No close frame came: the line broke, or the peer was restarted. */
export const uncleanEnd = 1006

export function newLink(connNo: number): Link {
  return { phase: 'stopped', connNo, wait: 0, timers: linkTimers }
}

interface Stepped {
  readonly state: Link
  readonly effects: readonly LinkEffect[]
}

/** Decides what the link does next. Nothing here reads a clock or touches a socket. */
export function stepLink(state: Link, event: LinkEvent, input: LinkInput): Stepped {
  switch (event.type) {
    case 'start':
      // Only waits between attempts are random: a fresh process is nobody's herd.
      return state.phase === 'stopped' ? dial({ ...state, wait: 0 }, input) : stay(state)
    case 'tick':
      return tick(state, input)
    case 'opened':
      return state.phase === 'dialling' ? opened(state, input) : stay(state)
    case 'challenge':
      return state.phase === 'greeting'
        ? stay(state, { type: 'hello', nonce: event.nonce, connNo: state.connNo })
        : stay(state)
    case 'welcome':
      return state.phase === 'greeting' ? welcomed(state, event, input) : stay(state)
    case 'pong':
      return 'beat' in state
        ? stay({ ...state, beat: { ...state.beat, heardAt: input.now } })
        : stay(state)
    case 'fenced':
      return isOpen(state) ? giveUp(state, 'fenced', input) : stay(state)
    case 'missed':
      return isOpen(state) ? giveUp(state, 'a frame could not be taken in', input) : stay(state)
    case 'closed':
      return isOpen(state) ? ended(state, event.code, event.reason, input) : stay(state)
    case 'stop': {
      const { connNo, wait, timers } = state
      const effects: LinkEffect[] = isOpen(state) ? [{ type: 'close' }] : []
      return { state: { phase: 'stopped', connNo, wait, timers }, effects }
    }
  }
}

/** When `tick` is due; null: nothing is waited for. */
export function wakeAt(state: Link): number | null {
  switch (state.phase) {
    case 'stopped':
      return null
    case 'waiting':
      return state.until
    case 'dialling':
      return state.since + state.timers.helloWithin
    case 'greeting':
      return Math.min(state.since + state.timers.helloWithin, nextBeat(state.beat, state.timers))
    case 'live':
      return nextBeat(state.beat, state.timers)
  }
}

function nextBeat({ pingedAt, heardAt }: Beat, timers: LinkTimers): number {
  return Math.min(pingedAt + timers.pingEvery, heardAt + timers.agentGivesUpAfter)
}

function stay(state: Link, ...effects: LinkEffect[]): Stepped {
  return { state, effects }
}

function isOpen(state: Link): boolean {
  return state.phase === 'dialling' || state.phase === 'greeting' || state.phase === 'live'
}

function dial({ connNo, wait, timers }: Link, { now }: LinkInput): Stepped {
  const next = connNo + 1
  return {
    state: { phase: 'dialling', connNo: next, wait, timers, since: now },
    effects: [{ type: 'dial', connNo: next }],
  }
}

function opened({ connNo, wait, timers }: Link, { now }: LinkInput): Stepped {
  const beat = { pingedAt: now, heardAt: now }
  return stay({ phase: 'greeting', connNo, wait, timers, since: now, beat })
}

function welcomed(
  state: Link & { readonly phase: 'greeting' },
  event: { readonly epoch: number; readonly timers: Readonly<Record<string, number>> },
  { now }: LinkInput,
): Stepped {
  const { connNo, wait, beat } = state
  const timers = timersFrom(event.timers)
  return stay(
    { phase: 'live', connNo, wait, timers, since: now, beat, epoch: event.epoch },
    { type: 'up', epoch: event.epoch },
  )
}

function tick(state: Link, input: LinkInput): Stepped {
  const due = wakeAt(state)
  if (due === null || input.now < due) return stay(state)
  if (state.phase === 'waiting') return dial(state, input)
  if (!('beat' in state)) return giveUp(state, 'the panel did not answer', input)
  if (input.now >= state.beat.heardAt + state.timers.agentGivesUpAfter) {
    return giveUp(state, 'no pong', input)
  }
  if (state.phase === 'greeting' && input.now >= state.since + state.timers.helloWithin) {
    return giveUp(state, 'no welcome', input)
  }
  return stay({ ...state, beat: { ...state.beat, pingedAt: input.now } }, { type: 'ping' })
}

function giveUp(state: Link, reason: string, input: LinkInput): Stepped {
  const { state: next, effects } = ended(state, uncleanEnd, reason, input)
  return { state: next, effects: [{ type: 'destroy' }, ...effects] }
}

function ended(state: Link, code: number, reason: string, input: LinkInput): Stepped {
  const { timers } = state
  const good = state.phase === 'live' && input.now - state.since >= timers.goodLinkAfter
  const wait = good ? 0 : state.wait
  const refused = refusals.has(code)
  const waitMs = refused
    ? timers.refusedWaits
    : input.random * longestWait(wait, code === uncleanEnd, timers)
  return {
    state: {
      phase: 'waiting',
      connNo: code === CloseCode.stale ? afterStale(state.connNo, reason) : state.connNo,
      wait: refused ? wait : wait + 1,
      timers,
      until: input.now + waitMs,
    },
    effects: [{ type: 'down', code, reason, waitMs }],
  }
}

/** Close codes and HTTP statuses that only a person can turn into a yes. */
const refusals: ReadonlySet<number> = new Set([
  CloseCode.unauthorized,
  CloseCode.duplicate,
  401,
  403,
])

function longestWait(wait: number, unclean: boolean, timers: LinkTimers): number {
  const scale = timers.reconnectAtMost / linkTimers.reconnectAtMost
  const first = unclean && wait === 0
  const longest = first ? 5_000 * scale : 1_000 * scale * 2 ** wait
  return Math.min(timers.reconnectAtMost, longest)
}

/** The known number out of a 4409's reason; a nonsensical one changes nothing. */
function afterStale(connNo: number, reason: string): number {
  const known = /^\d{1,15}$/.test(reason) ? Number(reason) : 0
  return Math.max(connNo, known)
}

/** What `welcome` tells, within bounds: a panel may speed its links up, not make them useless [N11]. */
function timersFrom(told: Readonly<Record<string, number>>): LinkTimers {
  const one = (name: keyof LinkTimers) => {
    const value = told[name]
    const standard = linkTimers[name]
    if (value === undefined || !Number.isFinite(value)) return standard
    return Math.min(Math.max(value, standard / 1000), standard * 10)
  }
  return {
    pingEvery: one('pingEvery'),
    agentGivesUpAfter: one('agentGivesUpAfter'),
    objectGivesUpAfter: one('objectGivesUpAfter'),
    helloWithin: one('helloWithin'),
    reconnectAtMost: one('reconnectAtMost'),
    goodLinkAfter: one('goodLinkAfter'),
    refusedWaits: one('refusedWaits'),
  }
}
