import { CloseCode } from '../contract/protocol/frames.ts'
import { close, sendTo } from './agent-sockets.ts'
import type { NodeParts } from './node-parts.ts'
import type { Effect, Turn } from './turn.ts'

/**
 * Acts on a committed turn: what is written is written, now frames leave and errands start [Q2].
 * @param speaker the agent's socket that the turn's event came from
 */
export function perform(parts: NodeParts, turn: Turn, speaker: WebSocket | null): void {
  let reported = false
  for (const effect of turn.effects) {
    if (effect.type === 'report') reported = true
    else if (isForSpeaker(effect)) answer(parts, turn, effect, speaker)
    else act(parts, turn, effect)
  }
  if (reported) parts.courier.start(turn.now)
}

type SpeakerEffect = Extract<Effect, { type: 'welcome' | 'refuse' | 'fence' | 'close_others' }>

function isForSpeaker(effect: Effect): effect is SpeakerEffect {
  return ['welcome', 'refuse', 'fence', 'close_others'].includes(effect.type)
}

function answer(
  { agents, calls }: NodeParts,
  turn: Turn,
  effect: SpeakerEffect,
  speaker: WebSocket | null,
): void {
  if (speaker === null) return
  switch (effect.type) {
    case 'welcome':
      agents.makeLive(speaker, effect.epoch, turn.now)
      calls.dropAll()
      break
    case 'refuse':
      close(speaker, effect.code, effect.reason)
      break
    case 'fence':
      sendTo(speaker, { type: 'fenced', epoch: effect.epoch, current: effect.current })
      close(speaker, CloseCode.replaced, 'fenced')
      break
    case 'close_others':
      agents.closeAll(CloseCode.replaced, 'replaced', speaker)
      break
  }
}

function act({ agents, browsers, calls, puller }: NodeParts, turn: Turn, effect: Effect): void {
  const { epoch } = turn.states.link
  switch (effect.type) {
    case 'send':
      agents.send(epoch, effect.frame)
      break
    case 'show':
      browsers.show(effect.serverId, effect.frame)
      break
    case 'close_live': {
      const live = agents.live(epoch)
      if (live !== null) close(live, effect.code, effect.reason)
      break
    }
    case 'close_agents':
      agents.closeAll(effect.code, effect.reason)
      break
    case 'node_changed':
      browsers.showAll({
        type: 'node',
        online: effect.online,
        at: new Date(turn.now).toISOString(),
      })
      if (!effect.online) calls.dropAll()
      break
    case 'drop_server':
      browsers.closeServer(effect.serverId, 'the server was deleted')
      break
    case 'close_watchers':
      browsers.closeServer(effect.serverId, effect.reason)
      break
    case 'reply':
      calls.settle(effect.reply)
      break
    case 'pull':
      puller.start()
      break
    default:
      break // written already, see `persist`
  }
}
