import { DurableObject } from 'cloudflare:workers'
import { type NodeId, type OperationId, ServerId, type UserId } from '../contract/ids.ts'
import type { ConsoleLine, ResourceSample } from '../contract/protocol/console.ts'
import { CloseCode, ping, pong } from '../contract/protocol/frames.ts'
import { failed, ok, type Result } from '../contract/result.ts'
import {
  type CommandView,
  type DesiredPush,
  type LinkView,
  type NodeRpc,
  objectHeaders,
  objectPaths,
  type SubmitCommand,
} from '../contract/rpc.ts'
import { closed, hear, openDoor } from './agent-door.ts'
import { agentTag } from './agent-sockets.ts'
import { serveDue } from './alarm.ts'
import { browserClosed, openBrowser } from './browser-door.ts'
import { consoleHistory } from './console-history.ts'
import { isPublicKey } from './hello-signature.ts'
import { NodeKeeper, unknownNode } from './node-keeper.ts'
import { takeCancel, takeOrder, takePush } from './panel-orders.ts'
import type { NodeEnv } from './settings.ts'

/**
 * One node: its agent's link, its orders, its servers' states and consoles. The class only opens doors; what
 * is decided stands in the files beside it.
 */
export class NodeObject extends DurableObject<NodeEnv> implements NodeRpc {
  private readonly keeper: NodeKeeper

  constructor(ctx: DurableObjectState, env: NodeEnv) {
    super(ctx, env)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong))
    this.keeper = new NodeKeeper(ctx, env)
  }

  async setKey(nodeId: NodeId, publicKey: string | null): Promise<Result<LinkView>> {
    if (publicKey === null && this.keeper.node === null) return ok(unknownNode)
    if (publicKey !== null && !isPublicKey(publicKey)) {
      const message = 'This is no Ed25519 public key.'
      return failed('invalid_input', [{ path: ['publicKey'], message }])
    }
    return this.keeper.change(nodeId, (node) => {
      node.act((turn) => turn.link({ type: 'key', publicKey }))
      return ok(node.view())
    })
  }

  async adopt(nodeId: NodeId): Promise<Result<LinkView>> {
    return this.keeper.change(nodeId, (node) => {
      node.act((turn) => turn.link({ type: 'adopt' }))
      return ok(node.view())
    })
  }

  async setServer(nodeId: NodeId, push: DesiredPush): Promise<Result<LinkView>> {
    return this.keeper.change(nodeId, (node) => {
      node.act((turn) => takePush(turn, push))
      return ok(node.view())
    })
  }

  async submit(nodeId: NodeId, order: SubmitCommand): Promise<Result<CommandView>> {
    const node = this.keeper.of(nodeId)
    // The push of a new server may have been lost, and its order must not overtake it.
    if (node?.states.desired.servers.has(order.command.serverId) === false) await node.puller.now()
    return this.keeper.change(nodeId, (current) =>
      current.act((turn) => takeOrder(turn, order)).answer(),
    )
  }

  async cancel(nodeId: NodeId, id: OperationId): Promise<Result<CommandView>> {
    return this.keeper.read(nodeId, failed('not_found'), (node) =>
      node.act((turn) => takeCancel(turn, id)).answer(),
    )
  }

  async consoleTail(
    nodeId: NodeId,
    serverId: ServerId,
    lines: number,
  ): Promise<Result<ConsoleLine[]>> {
    return this.keeper.read(nodeId, ok([]), (node) => ok(node.stores.console.tail(serverId, lines)))
  }

  async consoleHistory(
    nodeId: NodeId,
    serverId: ServerId,
    beforeSeq: number,
    limit: number,
  ): Promise<Result<ConsoleLine[]>> {
    const node = this.keeper.of(nodeId)
    if (node === null) return failed('node_offline')
    return consoleHistory(node, serverId, beforeSeq, limit)
  }

  async lastSample(nodeId: NodeId, serverId: ServerId): Promise<Result<ResourceSample | null>> {
    return this.keeper.read<ResourceSample | null>(nodeId, ok(null), (node) =>
      ok(node.stores.observed.sample(serverId)),
    )
  }

  async commandLog(nodeId: NodeId, id: OperationId): Promise<Result<string[]>> {
    return this.keeper.read<string[]>(nodeId, failed('not_found'), (node) => {
      const log = node.stores.commands.log(id)
      return log === null ? failed('not_found') : ok(log)
    })
  }

  async closeWatchers(nodeId: NodeId, userIds: readonly UserId[]): Promise<Result<null>> {
    return this.keeper.read<null>(nodeId, ok(null), (node) => {
      node.browsers.closeUsers(userIds, 'the rights of this account changed')
      return ok(null)
    })
  }

  async link(nodeId: NodeId): Promise<Result<LinkView>> {
    return this.keeper.read(nodeId, ok(unknownNode), (node) => ok(node.view()))
  }

  async poke(nodeId: NodeId): Promise<Result<LinkView>> {
    return this.keeper.read(nodeId, ok(unknownNode), (node) => {
      serveDue(node, () => this.keeper.renew(), Date.now())
      return ok((this.keeper.node ?? node).view())
    })
  }

  async forget(nodeId: NodeId): Promise<Result<null>> {
    return this.keeper.forget(nodeId)
  }

  /** Takes sockets that the Worker hands over, whose headers say what it has checked. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade') !== 'websocket') return new Response(null, { status: 426 })
    const path = new URL(request.url).pathname
    const { 0: client, 1: socket } = new WebSocketPair()
    const taken =
      path === objectPaths.agent
        ? this.takeAgent(request.headers, socket)
        : path === objectPaths.browser && this.takeBrowser(request.headers, socket)
    if (!taken) return new Response(null, { status: 404 })
    return new Response(null, { status: 101, webSocket: client })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { node } = this.keeper
    if (node === null) return
    try {
      if (this.isAgent(socket)) await hear(node, socket, data)
      else node.browsers.receive(socket, data, Date.now())
    } catch (error) {
      console.error('a frame could not be handled', error)
      this.keeper.renew()
      socket.close(1011, 'internal')
    }
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    const { node } = this.keeper
    if (node === null) return
    const why = reason === '' ? 'the connection was lost' : reason
    try {
      if (this.isAgent(socket)) closed(node, socket, `${why} (${code})`)
      else browserClosed(node)
    } catch (error) {
      console.error('the end of a socket could not be taken in', error)
      this.keeper.renew()
    }
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.webSocketClose(socket, 1006, '')
  }

  override async alarm(): Promise<void> {
    try {
      const { node } = this.keeper
      node?.stores.wakes.knowAlarm(null)
      if (node !== null) serveDue(node, () => this.keeper.renew(), Date.now())
    } catch (error) {
      // An alarm that throws seven times is lost for ever: it is set again by hand instead.
      console.error('the alarm broke off', error)
      await this.ctx.storage.setAlarm(Date.now() + 30_000)
    }
  }

  private isAgent(socket: WebSocket): boolean {
    return this.ctx.getTags(socket).includes(agentTag)
  }

  /** A node without a key has no agent to talk to: the socket is told so, and nothing is kept of it. */
  private takeAgent(headers: Headers, socket: WebSocket): boolean {
    const node = this.keeper.of(headers.get(objectHeaders.node))
    if (node !== null && node.states.link.publicKey !== null) {
      openDoor(node, socket)
      return true
    }
    socket.accept()
    socket.close(CloseCode.unauthorized, 'this node is not enrolled')
    return true
  }

  private takeBrowser(headers: Headers, socket: WebSocket): boolean {
    const { node } = this.keeper
    const serverId = ServerId.safeParse(headers.get(objectHeaders.server))
    const userId = headers.get(objectHeaders.user)
    if (node === null || !serverId.success || userId === null) return false
    const kinds = headers.get(objectHeaders.kinds)?.split(',') ?? []
    const expires = headers.get(objectHeaders.expires)
    openBrowser(node, socket, {
      serverId: serverId.data,
      userId: userId.slice(0, 100),
      kinds,
      expiresAt: expires === null ? null : Number(expires),
    })
    return true
  }
}
