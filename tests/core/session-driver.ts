import type { ServerId } from '../../contract/ids.ts'
import { linkTimers, type ToAgent } from '../../contract/protocol/frames.ts'
import { greet, type LiveFrame, receive } from '../../durable-objects/agent-session.ts'
import { noCommands } from '../../durable-objects/commands/row.ts'
import { noDesired } from '../../durable-objects/desired.ts'
import { noLink } from '../../durable-objects/link.ts'
import { noObserved } from '../../durable-objects/observed.ts'
import { takePush } from '../../durable-objects/panel-orders.ts'
import { type Effect, type Lookups, type NodeStates, Turn } from '../../durable-objects/turn.ts'
import { desired, hello, serverNo } from './examples.ts'

export const mine = serverNo(1)
export const foreign = serverNo(99)

/** A node without storage: what the lookups answer is set by the test. */
export class Session implements Lookups {
  states: NodeStates = {
    link: { ...noLink, publicKey: 'key' },
    commands: noCommands,
    desired: noDesired,
    observed: noObserved,
  }
  /** A day after what the examples tell. */
  now = Date.parse('2026-01-02T00:00:00.000Z')
  newest = 0
  known: string | null = null
  watchedNow: ServerId[] = []
  readonly waits = new Set<string>()

  run(body: (turn: Turn) => void): Turn {
    const turn = new Turn(this.states, this, linkTimers, this.now)
    body(turn)
    this.states = turn.states
    for (const effect of turn.effects)
      if (effect.type === 'save_wait') this.waits.add(effect.wait.id)
    return turn
  }

  hello(connNo = 1): Effect[] {
    return this.run((turn) => greet(turn, hello({ connNo, desiredDigest: '?' }), 'key', null))
      .effects
  }

  hear(frame: LiveFrame, socketEpoch = 1): Effect[] {
    return this.run((turn) => receive(turn, socketEpoch, frame)).effects
  }

  finishedCommand() {
    return null
  }

  waitIsKnown(id: string): boolean {
    return this.waits.has(id)
  }

  exitIsKnown(): boolean {
    return false
  }

  newestLine(): number {
    return this.newest
  }

  facts(): string | null {
    return this.known
  }

  watched(): readonly ServerId[] {
    return this.watchedNow
  }
}

export function withServer(): Session {
  const session = new Session()
  session.run((turn) => takePush(turn, { revision: 1, server: desired(mine), waiting: null }))
  return session
}

export function framesOf(effects: readonly Effect[]): ToAgent[] {
  return effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : []))
}

export function line(seq: number) {
  return { seq, at: '2026-01-01T00:00:00.000Z', stream: 'stdout', text: 'hi' } as const
}
