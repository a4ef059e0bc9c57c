import * as z from 'zod'
import { ServerId } from '../ids.ts'
import { ServerState } from '../rules/server-states.ts'
import { ConfigFile } from './config-files.ts'

/** What may be asked of a container's port. `ip` is an address of the node; `0.0.0.0` is all of them. */
export const PortBinding = z.object({
  ip: z.union([z.ipv4(), z.ipv6()]),
  hostPort: z.int().min(1).max(65_535),
  containerPort: z.int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']),
})
export type PortBinding = z.infer<typeof PortBinding>

export const Limits = z.object({
  memoryMb: z.int().min(16).max(16_777_216),
  /** Cores, 0.01 steps: 1.5 is one and a half. */
  cpuCores: z.number().min(0.05).max(1024),
  diskMb: z.int().min(16).max(1_073_741_824),
  /** On top of `memoryMb`, for what a runtime needs beside its heap; left out: 5 to 15, by size. */
  memoryOverheadPercent: z.int().min(0).max(100).optional(),
  /** Left out: none. */
  swapMb: z.int().min(0).max(16_777_216).optional(),
  /** Cores by number, like `0-3,6`; left out: all. */
  cpuSet: z
    .string()
    .max(256)
    .regex(/^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/)
    .optional(),
  /** Share of a busy disk against other servers; left out: the engine's own, 500. */
  ioWeight: z.int().min(10).max(1000).optional(),
  /** Processes and threads; left out, or more than the node's policy: the policy's. */
  pids: z.int().min(16).max(32_768).optional(),
})
export type Limits = z.infer<typeof Limits>

/** `STOPSIGNAL` is the one that the image names, as engines use it to stop a container. */
export const StopSignal = z.enum([
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGKILL',
  'SIGABRT',
  'SIGUSR1',
  'SIGUSR2',
  'STOPSIGNAL',
])

/** How a server is asked to stop; the signal follows when the line did not do it in time. */
export const StopRule = z.object({
  line: z.string().max(512).nullable(),
  signal: StopSignal,
  /** From the request until it is killed. */
  graceSeconds: z.int().min(1).max(3600),
})
export type StopRule = z.infer<typeof StopRule>

const label = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*'
const registry = `${label}(?:\\.${label})*(?::[0-9]{1,5})?`
const pathPart = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const tagAndDigest = '(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?'

/**
 * The engine's own grammar of names, and no looser: a name becomes part of a path of its API, where `..`
 * and `//` mean something else, and of a pattern in the node's policy.
 */
export const ImageName = z
  .string()
  .min(1)
  .max(512)
  .regex(
    new RegExp(`^(?:${registry}/)?${pathPart}(?:/${pathPart})*${tagAndDigest}$`),
    'An image is named like registry/name:tag.',
  )

export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .max(128)
/** No NUL, which no process environment can hold. */
export const EnvironmentValue = z
  .string()
  .max(8192)
  .regex(/^[^\0]*$/)
export const Environment = z.record(EnvironmentName, EnvironmentValue)
export type Environment = z.infer<typeof Environment>

/** Everything an agent needs to install and run one server. */
export const ServerSpec = z.object({
  name: z.string().max(200),
  image: ImageName,
  /** Null: the image's own command runs. */
  command: z.array(z.string().max(16_384)).max(256).nullable(),
  environment: Environment,
  ports: z.array(PortBinding).max(512),
  limits: Limits,
  stop: StopRule,
  /**
   * Console texts, any of which means "ready"; none: running as soon as the process is. One that begins
   * with `regex:` is a pattern in RE2's syntax.
   */
  ready: z.array(z.string().min(1).max(512)).max(16),
  readOnlyRoot: z.boolean(),
  /** Brought into line before each start [D8]. */
  configFiles: z.array(ConfigFile).max(64).default([]),
  install: z
    .object({
      image: ImageName,
      entrypoint: z.string().max(256),
      script: z.string().max(131_072),
    })
    .nullable(),
})
export type ServerSpec = z.infer<typeof ServerSpec>

export const Power = z.object({
  wanted: z.enum(['running', 'stopped']),
  /** Raised by each start and restart; an exit is counted once per number. */
  startNo: z.int().min(0),
  how: z.enum(['stop', 'kill']),
})
export type Power = z.infer<typeof Power>

/** What should exist on a node for one server. `removed` asks for container and data to be deleted. */
export const DesiredServer = z.object({
  serverId: ServerId,
  /** Order is (incarnation, generation); an older one is ignored. */
  incarnation: z.int().min(0),
  generation: z.int().min(1),
  spec: ServerSpec,
  power: Power,
  suspended: z.boolean(),
  removed: z.boolean(),
})
export type DesiredServer = z.infer<typeof DesiredServer>

export const ServerExit = z.object({
  startNo: z.int().min(0),
  code: z.int(),
  signal: z.string().max(16).nullable(),
  oom: z.boolean(),
  /** Asked for, or the stop command was typed at the console: not a crash. */
  expected: z.boolean(),
  at: z.iso.datetime(),
  uptimeMs: z.int().min(0),
})
export type ServerExit = z.infer<typeof ServerExit>

/** Why the wanted power could not be reached, in the engine's own words where it spoke. */
export const ServerProblem = z.object({
  code: z.enum([
    'image_missing',
    'port_in_use',
    'start_failed',
    'node_policy',
    'not_installed',
    'engine_down',
    'config_file',
    'disk_full',
  ]),
  message: z.string().max(2000),
  /** The start that failed; it is not tried again until a later number is wanted. */
  startNo: z.int().min(0),
})
export type ServerProblem = z.infer<typeof ServerProblem>

/** What a node sees of one server. */
export const ObservedServer = z.object({
  serverId: ServerId,
  /** The newest desired state that the agent had taken in. */
  incarnation: z.int().min(0),
  generation: z.int().min(0),
  state: ServerState,
  /** The start that `state` speaks of. Bounded, since the next start's number is one higher. */
  startNo: z.int().min(0).max(1_000_000_000),
  exit: ServerExit.nullable(),
  problem: ServerProblem.nullable(),
  /** Bindings the engine has in fact made. */
  ports: z.array(PortBinding).max(512),
  startedAt: z.iso.datetime().nullable(),
  at: z.iso.datetime(),
})
export type ObservedServer = z.infer<typeof ObservedServer>
