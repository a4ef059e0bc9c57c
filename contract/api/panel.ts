import * as z from 'zod'
import { endpoint } from '../endpoint.ts'

export const panel = {
  health: endpoint({
    method: 'GET',
    path: '/api/health',
    summary: 'Whether the panel and its database answer',
    tag: 'Panel',
    needs: 'public',
    returns: z.object({
      version: z.string(),
      database: z.enum(['ok', 'down']),
      /** Null: the watchdog never ran. */
      watchdogAgeSeconds: z.number().nullable(),
    }),
  }),
}
