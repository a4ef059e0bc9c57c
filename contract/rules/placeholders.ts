import type { NodeFact } from '../protocol/config-files.ts'

/** All that an egg's placeholders can know: one server's own facts, and nothing of its node. */
export interface PlaceholderFacts {
  /** The container's environment: the server's variables and what the panel adds. */
  readonly environment: Readonly<Record<string, string>>
  readonly serverId: string
  readonly serverName: string
  /** Null: the server has no port. */
  readonly primaryPort: number | null
  readonly memoryMb: number
  readonly diskMb: number
  readonly cpuCores: number
}

/** Names stand between `{{` and `}}`, in parts that dots separate. */
const placeholder = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g

const gateway: NodeFact = { node: 'gateway' }

/** Names that hold for every server, as eggs write them. */
const known: Readonly<Record<string, (facts: PlaceholderFacts) => string | NodeFact>> = {
  'server.build.default.port': portOf,
  'server.build.default.ip': () => '0.0.0.0',
  'server.allocations.default.port': portOf,
  'server.allocations.default.ip': () => '0.0.0.0',
  'server.build.memory': ({ memoryMb }) => String(memoryMb),
  'server.build.memory_limit': ({ memoryMb }) => String(memoryMb),
  'server.build.disk': ({ diskMb }) => String(diskMb),
  'server.build.disk_space': ({ diskMb }) => String(diskMb),
  'server.build.cpu': ({ cpuCores }) => String(Math.round(cpuCores * 100)),
  'server.build.cpu_limit': ({ cpuCores }) => String(Math.round(cpuCores * 100)),
  'server.uuid': ({ serverId }) => serverId,
  'server.name': ({ serverName }) => serverName,
  'server.meta.name': ({ serverName }) => serverName,
  // Only the node knows it.
  'config.docker.interface': () => gateway,
  'config.docker.network.interface': () => gateway,
}

/** What stands before a variable's name; Wings, Pelican and older panels each had their own. */
const beforeVariable = /^(?:server\.build\.env|server\.environment|server\.env|env)\.(\w+)$/

/**
 * Fills an egg's placeholders in once. What is filled in is not looked at again, so a value never becomes
 * a placeholder; a name that nothing knows stays as it is written.
 *
 * @returns the text, or its parts where the node has to add something
 */
export function fillText(
  text: string,
  facts: PlaceholderFacts,
): string | readonly (string | NodeFact)[] {
  const parts: (string | NodeFact)[] = []
  let from = 0
  for (const match of text.matchAll(placeholder)) {
    const [whole, name = ''] = match
    parts.push(text.slice(from, match.index), filling(name, facts) ?? whole)
    from = match.index + whole.length
  }
  parts.push(text.slice(from))
  const joined = joinTexts(parts)
  const [first = ''] = joined
  return joined.length <= 1 && typeof first === 'string' ? first : joined
}

/** The placeholders of a text that no server will ever fill. `variables`: names the template has. */
export function unknownPlaceholders(text: string, variables: ReadonlySet<string>): string[] {
  const names = Array.from(text.matchAll(placeholder), ([, name = '']) => name)
  return names.filter((name) => {
    if (Object.hasOwn(known, name)) return false
    const [, variable] = beforeVariable.exec(name) ?? []
    return variable === undefined || !(variables.has(variable) || fromPanel.has(variable))
  })
}

/** Variables that every container has: see `environmentOf`. */
export const fromPanel: ReadonlySet<string> = new Set([
  'TZ',
  'STARTUP',
  'MEMORY',
  'MEMORY_XMS',
  'PORT',
  'SERVER_DIR',
  'SERVER_IP',
  'SERVER_MEMORY',
  'SERVER_NAME',
  'SERVER_PORT',
  'P_SERVER_UUID',
])

function filling(name: string, facts: PlaceholderFacts): string | NodeFact | undefined {
  if (Object.hasOwn(known, name)) return known[name]?.(facts)
  const [, variable = ''] = beforeVariable.exec(name) ?? []
  return Object.hasOwn(facts.environment, variable) ? facts.environment[variable] : undefined
}

function portOf({ primaryPort }: PlaceholderFacts): string {
  return primaryPort === null ? '' : String(primaryPort)
}

function joinTexts(parts: readonly (string | NodeFact)[]): (string | NodeFact)[] {
  const joined: (string | NodeFact)[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part === '') continue
    if (typeof part === 'string' && typeof last === 'string')
      joined[joined.length - 1] = last + part
    else joined.push(part)
  }
  return joined
}
