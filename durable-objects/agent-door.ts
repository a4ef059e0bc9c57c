import { CloseCode, decodeFromAgent, type Hello, ping, pong } from '../contract/protocol/frames.ts'
import { greet, type LiveFrame, receive } from './agent-session.ts'
import { close, phaseOf, setPhase } from './agent-sockets.ts'
import { isEssential } from './flood.ts'
import { isSignedBy } from './hello-signature.ts'
import type { Node } from './node.ts'

/** A new socket of an agent: it is challenged, and has `helloWithin` to answer. */
export function openDoor(node: Node, socket: WebSocket): void {
  const now = Date.now()
  node.agents.accept(socket, now)
  node.stores.wakes.setBy('greeting', now + node.timers.link.helloWithin)
  node.stores.wakes.arm(now)
}

/** A frame of an agent's socket. One that is not understood costs the socket, and nothing else [N8]. */
export async function hear(
  node: Node,
  socket: WebSocket,
  data: string | ArrayBuffer,
): Promise<void> {
  const at = phaseOf(socket)
  if (at.phase === 'closed') return
  // Usually the platform answers; a ping that slipped through while it woke the object is answered here.
  if (data === ping) {
    if (at.phase === 'live') node.agents.heard(Date.now())
    socket.send(pong)
    return
  }
  const frame = decodeFromAgent(data)
  if (!frame.ok) return shut(node, socket, frame.reason)
  if (frame.value.type === 'hello') {
    if (at.phase !== 'greeting') return shut(node, socket, 'hello comes once, after the challenge')
    setPhase(socket, { ...at, phase: 'checking' })
    return hello(node, socket, at.nonce, frame.value)
  }
  if (at.phase !== 'live') return shut(node, socket, 'hello comes first')
  const { value } = frame
  if (isWithinRate(node, at.epoch, value)) {
    node.act((turn) => receive(turn, at.epoch, value), socket)
  }
  node.agents.heard(Date.now())
}

/** Whether a frame may be read: one that floods is told, and what can be done without is refused [N10]. */
function isWithinRate(node: Node, epoch: number, { type }: LiveFrame): boolean {
  const rate = node.flood.count(epoch, Date.now())
  if (rate === 'begins') node.agents.send(epoch, { type: 'slow_down', epoch })
  return rate === 'fine' || isEssential(type)
}

/** A socket is gone, whoever closed it. */
export function closed(node: Node, socket: WebSocket, reason: string): void {
  const at = phaseOf(socket)
  setPhase(socket, { phase: 'closed' })
  if (at.phase !== 'live') return
  node.act((turn) => turn.link({ type: 'closed', socketEpoch: at.epoch, reason }))
}

function shut(node: Node, socket: WebSocket, reason: string): void {
  const at = phaseOf(socket)
  close(socket, CloseCode.protocol, reason)
  if (at.phase !== 'live') return
  const why = `a frame was not understood: ${reason}`
  node.act((turn) => turn.link({ type: 'closed', socketEpoch: at.epoch, reason: why }))
}

/** Checks the signature, which takes a moment in which everything may change; then one synchronous block [N3]. */
async function hello(node: Node, socket: WebSocket, nonce: string, frame: Hello): Promise<void> {
  const key = node.states.link.publicKey
  const isSigned =
    key !== null && frame.nodeId === node.nodeId && (await isSignedBy(key, nonce, frame))
  if (node.isClosed() || phaseOf(socket).phase !== 'checking') return
  if (key === null || !isSigned) {
    close(socket, CloseCode.unauthorized, 'the signature is wrong')
    return
  }
  const heardAt = node.agents.heardAt(node.states.link.epoch, Date.now())
  node.act((turn) => greet(turn, frame, key, heardAt), socket)
}
