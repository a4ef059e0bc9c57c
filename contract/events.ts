import * as z from 'zod'
import { NodeStatus } from './api/nodes.ts'
import { Operation } from './api/operations.ts'
import { Server } from './api/servers.ts'
import { NodeId, ServerId } from './ids.ts'

/**
 * What `/api/events` tells: each event is the newest state of one thing, so that hearing of it late, twice
 * or not at all in between is the same as hearing of it once. `reset`: what was known before says nothing
 * any more, read everything again.
 */
export const PanelEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('operation'), operation: Operation }),
    z.object({ type: z.literal('server'), server: Server }),
    z.object({ type: z.literal('server_gone'), serverId: ServerId }),
    z.object({
      type: z.literal('node'),
      node: z.object({
        id: NodeId,
        name: z.string(),
        status: NodeStatus,
        offlineSince: z.iso.datetime().nullable(),
      }),
    }),
    z.object({ type: z.literal('reset') }),
  ])
  .meta({ id: 'PanelEvent' })
export type PanelEvent = z.infer<typeof PanelEvent>

export const eventsPath = '/api/events'

/** What a browser's EventSource sends when it comes back: the id of the last event it heard. */
export const lastEventIdHeader = 'last-event-id'
export const LastEventId = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
