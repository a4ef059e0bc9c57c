import * as z from 'zod'

/** How a configuration file is read. `file` knows lines only; the others know their grammar. */
export const ConfigParser = z.enum(['file', 'properties', 'ini', 'json', 'yaml', 'xml'])
export type ConfigParser = z.infer<typeof ConfigParser>

const Text = z.string().max(8192)

/** What only the node knows. `gateway`: the node's own address on the server's network. */
export const NodeFact = z.object({ node: z.literal('gateway') })
export type NodeFact = z.infer<typeof NodeFact>

/**
 * What is written, with the panel's placeholders filled in. A list is a text in parts. In JSON and YAML a
 * text becomes a number or a truth value where its place wants one [D8].
 */
export const ConfigValue = z.union([
  Text,
  z.number(),
  z.boolean(),
  z.null(),
  z
    .array(z.union([Text, NodeFact]))
    .min(1)
    .max(16),
])
export type ConfigValue = z.infer<typeof ConfigValue>

export const ConfigEdit = z.object({
  /** Where: the beginning of a line, a key, or a path, as the parser has it [D8]. */
  match: z.string().min(1).max(1024),
  /**
   * Null: always. A text: only where this is the value now. `regex:` and a pattern in RE2's syntax: only
   * where it is found, and each occurrence is replaced; `$1` in the value is what a group matched.
   */
  ifValue: z.string().max(1024).nullable().default(null),
  value: ConfigValue,
})
export type ConfigEdit = z.infer<typeof ConfigEdit>

/** A file that is brought into line before each start [D8]. */
export const ConfigFile = z.object({
  /** Below the server's folder; one that leads elsewhere is refused by the node. */
  path: z.string().min(1).max(1024),
  parser: ConfigParser,
  replace: z.array(ConfigEdit).max(512),
})
export type ConfigFile = z.infer<typeof ConfigFile>
