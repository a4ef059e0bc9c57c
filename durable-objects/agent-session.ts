import { assertNever } from '../contract/assert-never.ts'
import type { ServerId } from '../contract/ids.ts'
import { type FromAgent, type Hello, protocolVersion } from '../contract/protocol/frames.ts'
import type { DesiredServer, ObservedServer } from '../contract/protocol/spec.ts'
import { lowOf } from './commands/row.ts'
import { withGaps } from './console.ts'
import { digestOf, incarnationOf } from './desired.ts'
import { report, show } from './effect.ts'
import type { NodeStates, Turn } from './turn.ts'
import { compareVersions } from './waiting.ts'

/** Frames after `hello`; each carries the epoch. */
export type LiveFrame = Exclude<FromAgent, Hello>

/**
 * A hello whose signature was checked: decides who holds the node, and sends a new holder everything it
 * needs, in order [N3, D1, C2, Q3].
 * @param verifiedWith the key that the signature was checked with
 * @param heardAt when the live socket was last heard; null: there is none
 */
export function greet(
  turn: Turn,
  hello: Hello,
  verifiedWith: string,
  heardAt: number | null,
): void {
  const { now } = turn
  const effects = turn.link({ type: 'hello', hello, verifiedWith, heardAt, now })
  if (!effects.some((effect) => effect.type === 'welcome')) return
  const { epoch } = turn.states.link
  const { desired, commands } = turn.states
  turn.send({
    type: 'welcome',
    epoch,
    proto: Math.min(hello.proto, protocolVersion),
    incarnation: incarnationOf(desired),
    low: lowOf(commands),
    serverTime: new Date(now).toISOString(),
    desiredDigest: digestOf(desired),
    timers: turn.timers,
  })
  takeFacts(turn, hello)
  turn.desired({ type: 'opened', epoch, digest: hello.desiredDigest })
  turn.observed({ type: 'opened' })
  turn.send({ type: 'console_from', epoch, after: consoleNumbers(turn) })
  turn.send({ type: 'watch', epoch, serverIds: ownWatched(turn.states, turn.lookups.watched()) })
  turn.commands({ type: 'opened', epoch, now })
  turn.send({ type: 'welcome_end', epoch })
  turn.emit({ type: 'pull' })
}

/** A frame of a socket that was welcomed with `socketEpoch`: only the live one's are read [N4]. */
export function receive(turn: Turn, socketEpoch: number, frame: LiveFrame): void {
  const fences = turn.link({ type: 'frame', socketEpoch, frameEpoch: frame.epoch })
  if (fences.length > 0) return
  const { now } = turn
  switch (frame.type) {
    case 'accepted':
    case 'progress':
    case 'done':
      turn.commands({ ...frame, now })
      break
    case 'observed':
      takeObserved(turn, frame.observed)
      break
    case 'observed_end':
      turn.observed({ type: 'caught_up' })
      break
    case 'console':
      takeConsole(turn, frame)
      break
    case 'stats':
      takeSamples(turn, frame)
      break
    case 'runtime':
      if (takeFacts(turn, frame)) {
        turn.emit(report({ type: 'node.runtime', host: frame.host, runtime: frame.runtime }))
      }
      break
    case 'reply':
      turn.emit({ type: 'reply', reply: frame })
      break
    default:
      assertNever(frame)
  }
}

/** Watched servers that are this node's, as `watch` names them. */
export function ownWatched(states: NodeStates, watched: readonly ServerId[]): ServerId[] {
  return watched.filter((serverId) => states.desired.servers.has(serverId))
}

function takeObserved(turn: Turn, said: ObservedServer): void {
  const desired = turn.states.desired.servers.get(said.serverId) ?? null
  const observed = desired === null ? said : believable(said, desired, turn.now)
  const { exit } = observed
  const exitKnown = exit !== null && turn.lookups.exitIsKnown(observed.serverId, exit.startNo)
  turn.observed({ type: 'report', observed, desired, exitKnown })
}

/**
 * An agent can have taken in nothing newer than what it was sent, and seen nothing later than now. What says
 * otherwise would stand above everything that is reported after it, also by the agent that comes next.
 */
function believable(said: ObservedServer, desired: DesiredServer, now: number): ObservedServer {
  const { incarnation, generation } = desired
  const version = compareVersions(said, desired) > 0 ? { incarnation, generation } : {}
  const past = (time: string) => (Date.parse(time) > now ? new Date(now).toISOString() : time)
  return {
    ...said,
    ...version,
    startedAt: said.startedAt === null ? null : past(said.startedAt),
    at: past(said.at),
  }
}

function takeConsole(turn: Turn, frame: Extract<LiveFrame, { type: 'console' }>): void {
  const { serverId } = frame
  if (!turn.states.desired.servers.has(serverId)) return
  const lines = withGaps(turn.lookups.newestLine(serverId), frame.lines)
  if (lines.length === 0) return
  turn.emit({ type: 'save_console', serverId, lines }, show(serverId, { type: 'console', lines }))
}

function takeSamples(turn: Turn, frame: Extract<LiveFrame, { type: 'stats' }>): void {
  const { servers } = turn.states.desired
  const samples = frame.samples.filter((sample) => servers.has(sample.serverId))
  if (samples.length === 0) return
  turn.emit({ type: 'save_samples', samples })
  for (const sample of samples) turn.emit(show(sample.serverId, { type: 'stats', sample }))
}

/** Keeps what is known of host and engine; false when it is what was known. */
function takeFacts(turn: Turn, { host, runtime }: Pick<Hello, 'host' | 'runtime'>): boolean {
  const facts = { host, runtime }
  if (JSON.stringify(facts) === turn.lookups.facts()) return false
  turn.emit({ type: 'save_facts', facts })
  return true
}

function consoleNumbers(turn: Turn): Record<ServerId, number> {
  const numbers: Record<ServerId, number> = {}
  for (const serverId of turn.states.desired.servers.keys()) {
    numbers[serverId] = turn.lookups.newestLine(serverId)
  }
  return numbers
}
