import type { TemplateConfigFile } from '../../../contract/api/template-fields.ts'
import type { ConfigFile, ConfigValue } from '../../../contract/protocol/config-files.ts'
import { fillText, type PlaceholderFacts } from '../../../contract/rules/placeholders.ts'

/** A template's files as the node is to write them, with all filled in but what the node alone knows. */
export function configFilesOf(
  files: readonly TemplateConfigFile[],
  facts: PlaceholderFacts,
): ConfigFile[] {
  return files.map(({ path, parser, find }) => ({
    // Below the server's folder, as Wings reads a path that begins with a slash.
    path: asText(path, facts).replace(/^\/+/, ''),
    parser,
    replace: find.map(({ match, ifValue, value }) => ({
      match: asText(match, facts),
      ifValue: ifValue === null ? null : asText(ifValue, facts),
      value: filled(value, facts),
    })),
  }))
}

function filled(
  value: TemplateConfigFile['find'][number]['value'],
  facts: PlaceholderFacts,
): ConfigValue {
  if (typeof value !== 'string') return value
  const text = fillText(value, facts)
  return typeof text === 'string' ? text : [...text]
}

/** Where no part can be left to the node, a placeholder for one stays as it is written. */
function asText(text: string, facts: PlaceholderFacts): string {
  const parts = fillText(text, facts)
  return typeof parts === 'string' ? parts : text
}
