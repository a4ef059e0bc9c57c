import { parseArgs } from 'node:util'
import * as z from 'zod'
import { defaultPolicyFile } from './policy-file.ts'

const Settings = z.object({
  command: z.enum(['run', 'join', 'doctor', 'version', 'help', 'edit-config']),
  /** Null: the panel that the data directory was joined to. */
  panel: z
    .url({ protocol: /^https?$/, error: 'is an address like https://panel.example' })
    .transform((address) => new URL(address).origin)
    .nullable(),
  dataDir: z.string().startsWith('/', 'is an absolute path'),
  token: z.string().min(1).max(200).nullable(),
  policyFile: z.string().startsWith('/', 'is an absolute path'),
  /** Where the engine listens: a path, or unix://, tcp://; null: its usual place. */
  dockerHost: z.string().min(1).nullable(),
  dieWithParent: z.boolean(),
  logFormat: z.enum(['json', 'human']),
  verbose: z.boolean(),
})

/** What the agent was told, from flags and environment; nothing else reads either. */
export type Config = z.infer<typeof Settings> & {
  /** Whether files may be given to the servers' own users. */
  readonly isRoot: boolean
  /** This program's own file. */
  readonly program: string
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly message: string }

export const usage = `catalyst-agent: runs a node's game servers for a Catalyst panel

  catalyst-agent [run]      connect to the panel and do what it orders
  catalyst-agent join       exchange a join token for a place as a node, then exit
  catalyst-agent doctor     check this machine and say what to do about it
  catalyst-agent version

Options (environment)
  --panel <url>             the panel's address (CATALYST_PANEL); kept after joining
  --token <token>           a join token from Admin > Nodes (CATALYST_JOIN_TOKEN)
  --data <dir>              where everything is kept (CATALYST_DATA) [/var/lib/catalyst]
  --policy <file>           the node's own limits (CATALYST_POLICY) [${defaultPolicyFile}]
  --docker-host <address>   the engine's socket (DOCKER_HOST) [/var/run/docker.sock]
  --log <json|human>        (CATALYST_LOG) [human on a terminal, else json]
  --verbose                 say more
  --die-with-parent         stop when standard input is closed
  --help
`

const options = {
  panel: { type: 'string' },
  token: { type: 'string' },
  data: { type: 'string' },
  policy: { type: 'string' },
  'docker-host': { type: 'string' },
  log: { type: 'string' },
  verbose: { type: 'boolean' },
  'die-with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface Surroundings {
  /** Arguments after the program's own name. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onTerminal: boolean
  readonly isRoot: boolean
  readonly program: string
}

/** The surroundings of this process. */
export function surroundings(): Surroundings {
  return {
    args: process.argv.slice(2),
    env: process.env,
    onTerminal: process.stderr.isTTY === true,
    isRoot: process.geteuid?.() === 0,
    program: process.argv[1] ?? '',
  }
}

/** Reads flags and environment; flags win. The message of a refusal is for the person who typed. */
export function readConfig(surroundings: Surroundings): ConfigResult {
  const { args, env, onTerminal, isRoot, program } = surroundings
  const typed = parseFlags(args)
  if (!typed.ok) return typed
  const { values, positionals } = typed
  const settings = Settings.safeParse({
    command: values.help === true ? 'help' : (positionals[0] ?? 'run'),
    panel: values.panel ?? env.CATALYST_PANEL ?? null,
    dataDir: values.data ?? env.CATALYST_DATA ?? '/var/lib/catalyst',
    token: values.token ?? env.CATALYST_JOIN_TOKEN ?? null,
    policyFile: values.policy ?? env.CATALYST_POLICY ?? defaultPolicyFile,
    dockerHost: values['docker-host'] ?? env.DOCKER_HOST ?? null,
    dieWithParent: values['die-with-parent'] ?? false,
    logFormat: values.log ?? env.CATALYST_LOG ?? (onTerminal ? 'human' : 'json'),
    verbose: values.verbose ?? false,
  })
  if (!settings.success) return { ok: false, message: z.prettifyError(settings.error) }
  if (positionals.length > 1) return { ok: false, message: 'One command at a time.' }
  return { ok: true, config: { ...settings.data, isRoot, program } }
}

function parseFlags(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { ok: true, values, positionals } as const
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) } as const
  }
}
