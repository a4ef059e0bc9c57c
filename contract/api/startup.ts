import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { ServerId } from '../ids.ts'
import { EnvironmentName, EnvironmentValue, ImageName } from '../protocol/spec.ts'
import { TemplateImage, TemplateStartup, TemplateVariable } from './template-fields.ts'

/** A variable of a server, as its caller may see it. */
export const StartupVariable = TemplateVariable.extend({
  /** What the server has, or the default; null: it is secret, and `isSet` says whether it has one. */
  value: z.string().nullable(),
  isSet: z.boolean(),
  /** Whether the caller may change it. */
  editable: z.boolean(),
}).meta({ id: 'StartupVariable' })
export type StartupVariable = z.infer<typeof StartupVariable>

export const Startup = z
  .object({
    variables: z.array(StartupVariable),
    /** The line as it is run, with `[hidden]` for what the caller does not see. */
    preview: z.string(),
    /** The same with its placeholders. */
    line: z.string(),
    /** What the line may be; the first is the usual one. */
    startups: z.array(TemplateStartup),
    /** Null: the usual one. */
    startupName: z.string().nullable(),
    /** A line of the server's own, above all others. */
    startupCommand: z.string().nullable(),
    image: ImageName,
    /** What the image may be; the first is the usual one. */
    images: z.array(TemplateImage),
    /** Whether the caller may set any line, image and variable. */
    unlimited: z.boolean(),
  })
  .meta({ id: 'Startup' })
export type Startup = z.infer<typeof Startup>

const params = z.object({ serverId: ServerId })

export const startup = {
  get: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/startup',
    summary: 'How a server starts: its variables, its line and its image',
    tag: 'Servers',
    needs: 'server.read',
    params,
    returns: Startup,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId/startup',
    summary: 'Change how a server starts; it holds from the next start',
    tag: 'Servers',
    needs: 'server.update',
    params,
    body: z
      .object({
        environment: z
          .record(EnvironmentName, EnvironmentValue.nullable())
          .describe('Only what changes; null: the default again.'),
        startupName: z
          .string()
          .max(200)
          .nullable()
          .describe("One of the template's; null: the usual."),
        startupCommand: z
          .string()
          .max(16_384)
          .nullable()
          .describe('A line of its own, by whoever may create servers.'),
        image: ImageName.nullable().describe("One of the template's; null: the usual."),
      })
      .partial(),
    returns: Startup,
  }),
}
