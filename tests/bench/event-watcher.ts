import { eventsPath, lastEventIdHeader, PanelEvent } from '../../contract/events.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { ServerState } from '../../contract/rules/server-states.ts'
import type { Stack } from '../support/stack.ts'

/** A state of a server with the moment at which its node saw it. */
export interface Seen {
  readonly state: ServerState
  readonly at: string | null
}

/** As the stream itself tells browsers, in milliseconds. */
const comesBackAfter = 2_000

/** A browser's event stream: it keeps the last that it heard of each server, and comes back when cut off. */
export class EventWatcher {
  readonly servers = new Map<ServerId, Seen>()
  /** Id of the newest event: the database counts its changes with it. */
  newest = 0
  heard = 0
  /** From a node's report until it was heard here, in milliseconds. */
  readonly lateBy: number[] = []
  private readonly stack: Pick<Stack, 'url' | 'token'>
  private readonly ending = new AbortController()
  private readonly opened = Promise.withResolvers<void>()

  constructor(stack: Pick<Stack, 'url' | 'token'>) {
    this.stack = stack
  }

  /** Resolves when the stream has begun. */
  async open(): Promise<void> {
    void this.follow()
    await this.opened.promise
  }

  close(): void {
    this.ending.abort()
  }

  private async follow(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        await this.readOne()
      } catch (error) {
        if (!this.ending.signal.aborted) this.opened.reject(error)
      }
      await new Promise((resolve) => setTimeout(resolve, comesBackAfter))
    }
  }

  private async readOne(): Promise<void> {
    const { url, token } = this.stack
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (this.newest > 0) headers[lastEventIdHeader] = String(this.newest)
    const { signal } = this.ending
    const response = await fetch(new URL(eventsPath, url), { headers, signal })
    if (!response.ok || response.body === null) throw new Error(`events: ${response.status}`)
    let rest = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) this.take(block)
      this.opened.resolve()
    }
  }

  private take(block: string): void {
    const id = /^id: (\d+)$/m.exec(block)?.[1]
    if (id !== undefined) this.newest = Number(id)
    const data = /^data: (.*)$/m.exec(block)?.[1]
    if (data === undefined) return
    this.heard += 1
    const event = PanelEvent.parse(JSON.parse(data))
    if (event.type !== 'server') return
    const { id: serverId, state, observedAt } = event.server
    this.servers.set(serverId, { state, at: observedAt })
    if (observedAt !== null) this.lateBy.push(Date.now() - Date.parse(observedAt))
  }
}
