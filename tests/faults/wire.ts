import type { Socket } from 'node:net'

/** What the way between agent and panel is like, for every connection, until it is changed. */
export interface Weather {
  /** How much later everything arrives, each way. Milliseconds. */
  readonly latencyMs: number
  /** Null: as fast as it goes. */
  readonly bytesPerSecond: number | null
  /** New connections are reset at once: nobody is there. */
  readonly refuses: boolean
}

interface Piece {
  readonly dueAt: number
  readonly bytes: Buffer
}

/** Unsent bytes above which the sender is made to wait. */
const mostWaiting = 1_048_576
/** Between two pieces of a trickle. Milliseconds. */
const dripEvery = 50

/** One direction of a connection, as good or bad as the weather is. */
export class Wire {
  private readonly from: Socket
  private readonly to: Socket
  private readonly weather: () => Weather
  private readonly waiting: Piece[] = []
  private waitingBytes = 0
  private timer: NodeJS.Timeout | null = null
  private ended = false
  private swallows = false

  constructor(from: Socket, to: Socket, weather: () => Weather) {
    this.from = from
    this.to = to
    this.weather = weather
    from.on('data', (bytes: Buffer) => this.take(bytes))
    from.on('end', () => {
      this.ended = true
      this.pump()
    })
    from.on('error', () => this.broke())
    from.on('close', (hadError) => {
      if (hadError) this.broke()
    })
  }

  /** From now on nothing of it arrives, not even that its sender is gone. */
  swallow(): void {
    this.swallows = true
    this.waiting.length = 0
    this.waitingBytes = 0
    this.from.resume()
  }

  weatherChanged(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.pump()
  }

  private take(bytes: Buffer): void {
    if (this.swallows) return
    this.waiting.push({ dueAt: performance.now() + this.weather().latencyMs, bytes })
    this.waitingBytes += bytes.length
    if (this.waitingBytes > mostWaiting) this.from.pause()
    this.pump()
  }

  private pump(): void {
    if (this.timer !== null || this.swallows || this.to.destroyed) return
    let waitMs = 0
    for (let next = this.waiting[0]; next !== undefined && waitMs === 0; next = this.waiting[0]) {
      waitMs = this.move(next)
    }
    if (waitMs > 0) {
      this.timer = setTimeout(() => {
        this.timer = null
        this.pump()
      }, waitMs)
    } else if (this.ended) this.to.end()
  }

  /** Sends what may be sent of a piece; milliseconds until more may be, 0: at once. */
  private move(piece: Piece): number {
    const { latencyMs, bytesPerSecond } = this.weather()
    const early = latencyMs > 0 ? piece.dueAt - performance.now() : 0
    if (early > 0) return early
    if (bytesPerSecond !== null) {
      this.drip(piece, bytesPerSecond)
      return Math.max(dripEvery, 1000 / bytesPerSecond)
    }
    this.waiting.shift()
    this.write(piece.bytes)
    return 0
  }

  private drip(piece: Piece, bytesPerSecond: number): void {
    const most = Math.max(1, Math.floor((bytesPerSecond * dripEvery) / 1000))
    this.write(piece.bytes.subarray(0, most))
    const rest = piece.bytes.subarray(most)
    if (rest.length > 0) this.waiting[0] = { ...piece, bytes: rest }
    else this.waiting.shift()
  }

  private write(bytes: Buffer): void {
    this.waitingBytes -= bytes.length
    this.to.write(bytes)
    if (this.from.isPaused() && this.waitingBytes <= mostWaiting) this.from.resume()
  }

  private broke(): void {
    this.from.destroy()
    if (!this.swallows && !this.to.destroyed) this.to.resetAndDestroy()
  }
}
