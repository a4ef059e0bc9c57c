import type { OperationId } from '../../contract/ids.ts'
import type { ToAgent } from '../../contract/protocol/frames.ts'
import type { DesiredServer, ObservedServer } from '../../contract/protocol/spec.ts'
import type { OperationReport, WaitingOperation } from '../../contract/rpc.ts'
import { type DesiredEvent, noDesired, stepDesired } from '../../durable-objects/desired.ts'
import type { Wait } from '../../durable-objects/waiting.ts'
import { actor, observed, operationNo, serverNo } from './examples.ts'

/** The server that these plans are about. */
export const server = serverNo(1)

/** Drives the desired state, keeping waits as storage would. */
export class Plan {
  state = noDesired
  readonly frames: ToAgent[] = []
  readonly reports: OperationReport[] = []
  readonly waits = new Map<OperationId, Wait>()
  pulls = 0
  /** How often those who watch were shown out. */
  closings = 0

  run(event: DesiredEvent): void {
    const { state, effects } = stepDesired(this.state, event)
    this.state = state
    for (const effect of effects) {
      if (effect.type === 'send') this.frames.push(effect.frame)
      if (effect.type === 'pull') this.pulls += 1
      if (effect.type === 'close_watchers') this.closings += 1
      if (effect.type === 'save_wait') this.waits.set(effect.wait.id, effect.wait)
      if (effect.type !== 'report' || effect.news.type !== 'operation.changed') continue
      this.reports.push(effect.news.operation)
    }
  }

  push(revision: number, to: DesiredServer, waiting: WaitingOperation | null = null): void {
    const waitKnown = waiting !== null && this.waits.has(waiting.id)
    this.run({ type: 'push', push: { revision, server: to, waiting }, waitKnown, now: revision })
  }

  observe(state: ObservedServer['state'], more: Partial<ObservedServer>): void {
    this.run({ type: 'observed', observed: observed(server, state, more), now: 100 })
  }

  generation(): number | undefined {
    return this.state.servers.get(server)?.generation
  }

  statesOf(n: number): string[] {
    return this.reports.filter((it) => it.id === operationNo(n)).map((it) => it.state)
  }
}

export function waiting(n: number, kind: WaitingOperation['kind']): WaitingOperation {
  return { id: operationNo(n), kind, actor }
}

export function running(startNo: number): Partial<DesiredServer> {
  return { power: { wanted: 'running', startNo, how: 'stop' } }
}

export function stopped(startNo: number, how: 'stop' | 'kill' = 'stop'): Partial<DesiredServer> {
  return { power: { wanted: 'stopped', startNo, how } }
}
