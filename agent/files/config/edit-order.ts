import * as z from 'zod'
import { ConfigParser } from '../../../contract/protocol/config-files.ts'

/** Bytes of a configuration file; an edited one may have grown to twice that. */
export const longestFile = 1024 * 1024

const Bytes = z.instanceof(Uint8Array<ArrayBufferLike>)

/** What the editing process is asked, once per file. */
export const EditOrder = z.object({
  parser: ConfigParser,
  bytes: Bytes.refine(({ length }) => length <= longestFile),
  edits: z.array(
    z.object({
      match: z.string(),
      ifValue: z.string().nullable(),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ),
  /** Who the process becomes before it reads anything; null: it stays who it is. */
  uid: z.int().min(1).nullable(),
})
export type EditOrder = z.infer<typeof EditOrder>

/** What it answers. It read what a server wrote, so its answers are parsed like any other's. */
export const EditAnswer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('edited'),
    bytes: Bytes.refine(({ length }) => length <= 2 * longestFile),
    changed: z.boolean(),
    refused: z.array(z.object({ match: z.string(), reason: z.string() })),
  }),
  /** Nothing was changed, and why. */
  z.object({ outcome: z.literal('unreadable'), reason: z.string() }),
])
export type EditAnswer = z.infer<typeof EditAnswer>
