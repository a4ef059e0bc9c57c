import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../../contract/errors.ts'
import {
  eventsPath,
  LastEventId,
  lastEventIdHeader,
  type PanelEvent,
} from '../../contract/events.ts'
import { factorsOf } from '../services/access.ts'
import type { Caller, Ctx } from '../services/context.ts'
import { newestChange, readFeed } from '../services/events/feed.ts'
import { Waker } from '../services/events/waker.ts'
import { authenticate } from './authenticate.ts'
import type { HonoEnv } from './hono-env.ts'
import type { Api } from './mount.ts'

/** A stream ends after this and its reader comes back, so that no request lives for ever. */
const livesMs = 15 * 60_000

/** Server-Sent Events: what changes of all that the caller may see, from the moment they ask for. */
export function mountEvents(app: Api): void {
  app.get(eventsPath, async (c) => {
    const ctx = await authenticate(c, { needs: 'signed_in' })
    const after = startOf(c) ?? (await newestChange(ctx.db))
    return new Response(streamOf(c, ctx, after), {
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    })
  })
}

/** Whatever a request changed is told once it is answered; a change of another's costs a look for nothing. */
export const ringAfterChange: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next()
  if (c.req.method !== 'GET' && !isRefusedStranger(c))
    c.executionCtx.waitUntil(c.get('host').deps.bell.ring())
}

/** Strangers are refused as often as they like, and would have every stream look each time. */
function isRefusedStranger(c: Context<HonoEnv>): boolean {
  const ctx: Ctx | undefined = c.get('ctx')
  const { status } = c.res
  return (ctx?.caller ?? nobody).kind === 'anonymous' && status >= 400 && status < 500
}

/** Of a request that did not come through its door. */
const nobody: Caller = { kind: 'anonymous' }

/** Where the reader stopped; null for one that comes for the first time. */
function startOf(c: Context<HonoEnv>): number | null {
  const given = c.req.header(lastEventIdHeader) ?? c.req.query('lastEventId')
  if (given === undefined || given === '') return null
  const parsed = LastEventId.safeParse(given)
  if (parsed.success) return parsed.data
  const message = 'Give the id of an event of this stream.'
  throw new AppError('invalid_input', [{ path: [lastEventIdHeader], message }])
}

/**
 * Reads on each ring, and every few seconds in case one was not heard. The reader sets the pace: while it
 * is slow nothing is read, and then the newest state of what changed.
 */
function streamOf(c: Context<HonoEnv>, first: Ctx, start: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const waker = new Waker(first)
  const endsAt = first.clock.now() + livesMs
  let after = start
  let rights = rightsIn(first)
  let callerEndsAt = endOf(first)
  let isFirst = true
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isFirst) {
          isFirst = false
          await waker.start()
          controller.enqueue(encoder.encode(`retry: 2000\nid: ${after}\n\n`))
          return
        }
        await waker.next(callerEndsAt - first.clock.now())
        const text = first.clock.now() > endsAt ? null : await read()
        if (text === null) {
          waker.stop()
          controller.close()
        } else controller.enqueue(encoder.encode(text))
      },
      cancel: () => waker.stop(),
    },
    { highWaterMark: 0 },
  )

  /** Null ends the stream: the reader comes back, and is told then why it may not. */
  async function read(): Promise<string | null> {
    try {
      // Who calls is asked each time: a session that ended hears nothing more.
      const ctx = await authenticate(c, { needs: 'signed_in' })
      const { events, until, more } = await readFeed(ctx, after)
      after = until
      if (more) waker.wake()
      // With other rights other things are seen, and none of them has changed itself.
      const before = rights
      rights = rightsIn(ctx)
      callerEndsAt = endOf(ctx)
      const isReset = events.some(({ event }) => event.type === 'reset')
      const all = before === rights || isReset ? events : [...events, { id: until, event: reset }]
      // A comment shows both ends that the other is there.
      return all.length === 0 ? `: \nid: ${until}\n\n` : all.map(inWords).join('')
    } catch (error) {
      if (error instanceof AppError) return null
      first.log.error('event_stream_failed', { reason: String(error) })
      return null
    }
  }
}

const reset: PanelEvent = { type: 'reset' }

/** Names all that decides what the caller sees. */
function rightsIn({ caller }: Ctx): string {
  return caller.kind === 'user' ? JSON.stringify([factorsOf(caller), [...caller.grants]]) : ''
}

/** When the session or key ends that the caller came with: a stream that hears nothing ends then too. */
function endOf({ caller }: Ctx): number {
  const endsAt = caller.kind === 'user' ? caller.endsAt : null
  return endsAt ?? Number.POSITIVE_INFINITY
}

function inWords({ id, event }: { readonly id: number; readonly event: PanelEvent }): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`
}
