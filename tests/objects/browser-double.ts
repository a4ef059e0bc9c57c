import type { OperationKind } from '../../contract/api/operations.ts'
import type { ServerId } from '../../contract/ids.ts'
import { type FromBrowser, ToBrowser } from '../../contract/protocol/console.ts'
import { objectHeaders, objectPaths } from '../../contract/rpc.ts'
import { until } from './until.ts'

type Frame<Type extends ToBrowser['type']> = Extract<ToBrowser, { type: Type }>

/** A browser on one server, as the Worker hands it to the object after checking its rights. */
export class BrowserDouble {
  readonly frames: ToBrowser[] = []
  closed: { readonly code: number; readonly reason: string } | null = null
  private readonly socket: WebSocket

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.accept()
    socket.addEventListener('message', ({ data }) => {
      this.frames.push(ToBrowser.parse(JSON.parse(String(data))))
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
    })
  }

  static async open(
    stub: DurableObjectStub,
    serverId: ServerId,
    userId: string,
    kinds: readonly OperationKind[],
    expiresAt: number | null = null,
  ): Promise<BrowserDouble> {
    const reply = await stub.fetch(`https://object${objectPaths.browser}`, {
      headers: {
        upgrade: 'websocket',
        [objectHeaders.server]: serverId,
        [objectHeaders.user]: userId,
        [objectHeaders.kinds]: kinds.join(','),
        ...(expiresAt === null ? {} : { [objectHeaders.expires]: String(expiresAt) }),
      },
    })
    if (reply.webSocket === null) throw new Error(`no socket but ${reply.status}`)
    return new BrowserDouble(reply.webSocket)
  }

  async next<Type extends ToBrowser['type']>(type: Type): Promise<Frame<Type>> {
    return until(() => this.of(type)[0], `a ${type} frame`)
  }

  of<Type extends ToBrowser['type']>(type: Type): Frame<Type>[] {
    return this.frames.filter((frame): frame is Frame<Type> => frame.type === type)
  }

  /** Numbers of the lines that came, in the order in which they came. */
  seqs(): number[] {
    return this.of('console').flatMap((frame) => frame.lines.map((line) => line.seq))
  }

  say(frame: FromBrowser): void {
    this.raw(JSON.stringify(frame))
  }

  raw(text: string): void {
    this.socket.send(text)
  }

  close(): void {
    this.socket.close(1000, 'bye')
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    return until(() => this.closed ?? undefined, 'the socket to close')
  }
}
