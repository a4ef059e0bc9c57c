import type { Environment, PortBinding, ServerSpec } from '../../../contract/protocol/spec.ts'
import { type Startup, startupOf } from '../../../contract/rules/startup.ts'
import type { ServerRow, TemplateRow } from '../../db/schema/servers.ts'
import { configFilesOf } from './config-files.ts'

/** What a server's spec is made of. */
export interface SpecParts {
  readonly template: Omit<TemplateRow, 'createdAt' | 'updatedAt'>
  readonly server: Pick<
    ServerRow,
    | 'id'
    | 'name'
    | 'environment'
    | 'image'
    | 'startupName'
    | 'startupCommand'
    | 'allocatedMemoryMb'
    | 'allocatedCpuCores'
    | 'allocatedDiskMb'
  >
  readonly ports: readonly PortBinding[]
  /** What the game listens on, in its container. */
  readonly primaryPort: number | null
  /** What ports of the server say a variable is. */
  readonly portVariables: Environment
}

/** Longest variable that a process environment is given, in characters. */
const longestValue = 8192

/**
 * Everything a node needs to run the server. Placeholders that no variable fills are empty here;
 * `startOf` names them to whoever has to refuse.
 */
export function toSpec(parts: SpecParts): ServerSpec {
  const { template, server, ports } = parts
  const startup = startOf(parts)
  const known = environmentOf(parts)
  const filled = startup.ok ? startup : startOf(parts, blanks(startup.missing))
  const command = filled.ok && filled.command !== null ? [...filled.command] : null
  return {
    name: server.name,
    image: server.image ?? template.image,
    command,
    environment: { ...known, ...startupVariable(parts, filled) },
    ports: [...ports],
    limits: {
      memoryMb: server.allocatedMemoryMb,
      cpuCores: server.allocatedCpuCores,
      diskMb: server.allocatedDiskMb,
    },
    stop: {
      line: template.stopCommand === '' ? null : template.stopCommand,
      signal: template.sendSignalTo,
      graceSeconds: template.stopGraceSeconds,
    },
    ready: [...template.ready],
    readOnlyRoot: template.readOnlyRoot,
    configFiles: configFilesOf(template.configFiles, {
      environment: known,
      serverId: server.id,
      serverName: server.name,
      primaryPort: parts.primaryPort,
      memoryMb: server.allocatedMemoryMb,
      diskMb: server.allocatedDiskMb,
      cpuCores: server.allocatedCpuCores,
    }),
    install:
      template.installScript === null
        ? null
        : {
            image: template.installImage ?? server.image ?? template.image,
            entrypoint: template.installEntrypoint,
            script: template.installScript,
          },
  }
}

/** The server's command line with its variables filled in, or the names that nothing fills. */
export function startOf(parts: SpecParts, more: Environment = {}): Startup {
  return startupOf(parts.template.startupMode, lineOf(parts), { ...environmentOf(parts), ...more })
}

/** The line that starts the server: its own, the one it chose of its template's, or the usual one. */
export function lineOf({ template, server }: Pick<SpecParts, 'template' | 'server'>): string {
  if (server.startupCommand !== null) return server.startupCommand
  const chosen = template.startups.find(({ name }) => name === server.startupName)
  return chosen?.command ?? template.startup
}

/**
 * The container's environment without `STARTUP`, as Wings gives it: a template's variables stand above
 * what the panel says by courtesy, and below what the panel alone knows.
 */
export function environmentOf({
  template,
  server,
  primaryPort,
  portVariables,
}: SpecParts): Environment {
  const port = primaryPort === null ? null : String(primaryPort)
  const memory = String(server.allocatedMemoryMb)
  return {
    TZ: 'UTC',
    SERVER_NAME: server.name,
    MEMORY: memory,
    MEMORY_XMS: String(Math.floor(server.allocatedMemoryMb / 2)),
    SERVER_DIR: '/data',
    ...(port === null ? {} : { PORT: port }),
    ...variablesOf(template, server.environment),
    ...portVariables,
    SERVER_IP: '0.0.0.0',
    ...(port === null ? {} : { SERVER_PORT: port }),
    SERVER_MEMORY: memory,
    P_SERVER_UUID: server.id,
  }
}

/** A value that the template does not name any more is kept by the server, and not handed on. */
function variablesOf({ variables }: SpecParts['template'], given: Environment): Environment {
  return Object.fromEntries(
    variables.map(({ name, default: fallback }) => [
      name,
      Object.hasOwn(given, name) ? (given[name] ?? fallback) : fallback,
    ]),
  )
}

/** Images made for eggs fill the line in themselves; for the others it is there to be read. */
function startupVariable(parts: SpecParts, startup: Startup): Environment {
  if (parts.template.startupMode === 'image') return { STARTUP: lineOf(parts) }
  if (!startup.ok || startup.preview.length > longestValue) return {}
  return { STARTUP: startup.preview }
}

function blanks(names: readonly string[]): Environment {
  return Object.fromEntries(names.map((name) => [name, '']))
}
