import * as z from 'zod'
import { endpoint } from '../endpoint.ts'

/**
 * The demo template, whose image is made on the machine that the panel's launcher runs on. `unavailable`:
 * no launcher has offered it; `wanted`: the launcher takes it up in a moment.
 */
export const DemoState = z
  .enum(['unavailable', 'offered', 'wanted', 'making', 'ready', 'failed'])
  .meta({ id: 'DemoState' })
export type DemoState = z.infer<typeof DemoState>

const Demo = z.object({
  state: DemoState,
  /** What is being done, or why it failed. */
  message: z.string().max(500).nullable(),
})

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
  demo: endpoint({
    method: 'GET',
    path: '/api/demo',
    summary: 'Whether a demo template can be made here, and how far it is',
    tag: 'Panel',
    needs: 'template.create',
    returns: Demo,
  }),
  wantDemo: endpoint({
    method: 'POST',
    path: '/api/demo',
    summary: 'Have the demo template made, with its image',
    tag: 'Panel',
    needs: 'template.create',
    returns: Demo,
  }),
  reportDemo: endpoint({
    method: 'PUT',
    path: '/api/demo',
    summary: 'Say how far the demo template is; for the launcher',
    tag: 'Panel',
    needs: 'setup.link',
    body: Demo,
    returns: Demo,
  }),
}
