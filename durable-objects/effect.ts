import type { ServerId } from '../contract/ids.ts'
import type { ToBrowser } from '../contract/protocol/console.ts'
import type { ToAgent } from '../contract/protocol/frames.ts'
import type { LedgerEvent, NodeAlert } from '../contract/rpc.ts'

type Unnumbered<Event> = Event extends unknown ? Omit<Event, 'eventNo' | 'at'> : never

/** A ledger event before the outbox gave it its number and time. */
export type News = Unnumbered<LedgerEvent>

/** Put into the outbox in the same transaction as the change that it tells of [L1]. */
export interface ReportEffect {
  readonly type: 'report'
  readonly news: News
}

/** A frame for the agent on the live socket; leaves after the transaction [Q2]. */
export interface SendEffect {
  readonly type: 'send'
  readonly frame: ToAgent
}

/** A frame for every browser that watches this server. */
export interface ShowEffect {
  readonly type: 'show'
  readonly serverId: ServerId
  readonly frame: ToBrowser
}

export function report(news: News): ReportEffect {
  return { type: 'report', news }
}

export function alert(kind: NodeAlert, message: string): ReportEffect {
  return report({ type: 'node.alert', alert: kind, message })
}

export function send(frame: ToAgent): SendEffect {
  return { type: 'send', frame }
}

export function show(serverId: ServerId, frame: ToBrowser): ShowEffect {
  return { type: 'show', serverId, frame }
}
