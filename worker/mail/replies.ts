import { printable } from './printable.ts'
import type { Wire } from './wire.ts'

/** A server's answer: its code, and its lines without it. */
export interface Reply {
  readonly code: number
  readonly lines: readonly string[]
}

/** More than any server says; a line of RFC 5321 has 512. */
const maxLineBytes = 2000
const maxLines = 100

/** The other end does not speak SMTP, or has stopped speaking. */
export class BrokenConversation extends Error {
  override name = 'BrokenConversation'
}

/** Reads what an SMTP server says, reply by reply, and never more of it than a server would say. */
export class Replies {
  private readonly wire: Pick<Wire, 'read'>
  private readonly decoder = new TextDecoder()
  private buffer = ''

  constructor(wire: Pick<Wire, 'read'>) {
    this.wire = wire
  }

  /** Whether something came that nobody has asked for. */
  get hasMore(): boolean {
    return this.buffer !== ''
  }

  /** @throws {BrokenConversation} */
  async next(): Promise<Reply> {
    const lines: string[] = []
    for (let first = ''; lines.length < maxLines; ) {
      const line = await this.line()
      const parts = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line)
      const code = parts?.[1]
      if (code === undefined || (first !== '' && code !== first)) {
        throw new BrokenConversation(`The server does not speak SMTP: ${printable(line)}`)
      }
      first = code
      lines.push(parts?.[3] ?? '')
      if (parts?.[2] !== '-') return { code: Number(code), lines }
    }
    throw new BrokenConversation('The server does not come to an end.')
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\n')
      if (end >= 0) {
        const line = this.buffer.slice(0, end).replace(/\r$/, '')
        this.buffer = this.buffer.slice(end + 1)
        return line
      }
      if (this.buffer.length > maxLineBytes) {
        throw new BrokenConversation('The server does not come to an end.')
      }
      const bytes = await this.wire.read()
      if (bytes === null) throw new BrokenConversation('The server closed the connection.')
      this.buffer += this.decoder.decode(bytes, { stream: true })
    }
  }
}
