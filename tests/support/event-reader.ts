import { expect, onTestFinished } from 'vitest'
import { PanelEvent } from '../../contract/events.ts'
import type { Client } from './world-client.ts'

/** A stream of events as its reader has it. */
export class Reader {
  lastId: string | null = null
  private readonly body: ReadableStreamDefaultReader<Uint8Array>
  private text = ''
  private readonly decoder = new TextDecoder()

  constructor(response: Response) {
    if (response.body === null) throw new Error('the stream has no body')
    this.body = response.body.getReader()
  }

  /** The next block of lines; null at the end. */
  async block(): Promise<string | null> {
    for (;;) {
      const end = this.text.indexOf('\n\n')
      if (end >= 0) {
        const block = this.text.slice(0, end)
        this.text = this.text.slice(end + 2)
        this.lastId = /^id: (.*)$/m.exec(block)?.[1] ?? this.lastId
        return block
      }
      const { value, done } = await this.body.read()
      if (done) return null
      this.text += this.decoder.decode(value)
    }
  }

  /** The next event, past whatever only moves the number. */
  async event(): Promise<PanelEvent | null> {
    for (;;) {
      const block = await this.block()
      if (block === null) return null
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data !== undefined) return PanelEvent.parse(JSON.parse(data))
    }
  }

  cancel(): Promise<void> {
    return this.body.cancel()
  }
}

export async function listen(who: Client, lastEventId?: string | null): Promise<Reader> {
  const headers = lastEventId == null ? {} : { 'last-event-id': lastEventId }
  const response = await who.send('/api/events', { headers })
  expect(response.status).toBe(200)
  const reader = new Reader(response)
  onTestFinished(() => reader.cancel())
  return reader
}

/** Reads until an event of the type comes. */
export async function eventOf<Type extends PanelEvent['type']>(reader: Reader, type: Type) {
  for (;;) {
    const event = await reader.event()
    if (event === null) throw new Error(`the stream ended without ${type}`)
    if (event.type === type) return event as Extract<PanelEvent, { type: Type }>
  }
}
