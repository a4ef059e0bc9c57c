import { isAbsolute, normalize, sep } from 'node:path'
import * as z from 'zod'
import type { ServerSpec } from '../contract/protocol/spec.ts'

const Access = z.enum(['deny', 'allow'])
const HostPort = z.int().min(1).max(65_535)

/** What a container may open connections to. What is not named here, the internet, is allowed. */
const Egress = z.strictObject({
  linkLocal: Access.default('deny'),
  /** Addresses where clouds tell a machine its secrets. */
  metadata: Access.default('deny'),
  /** The node's own addresses: the engine, databases and panels that listen there. */
  hostAddresses: Access.default('deny'),
  privateRanges: Access.default('deny'),
  /** Exceptions to all of the above. */
  allow: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(256)
    .default([]),
})

const Network = z.strictObject({
  /** Each server gets a block of its own out of this range. */
  pool: z.cidrv4().default('10.213.0.0/16'),
  blockBits: z.int().min(24).max(30).default(28),
  /** Name servers for containers; port 53 of these is open to them wherever they are. */
  dns: z.array(z.ipv4()).max(8).default(['1.1.1.1', '1.0.0.1']),
  /** Whether nothing is started while the firewall rules cannot be set. */
  requireFirewall: z.boolean().default(false),
})

/**
 * What the owner of a node lets the panel order there [Q15]. The panel can neither read nor change
 * it. A field that is left out has its safe default, so an empty object is a valid policy.
 */
export const NodePolicy = z.strictObject({
  /** Image names, `*` stands for anything; `ghcr.io/acme/*` allows one registry's folder. */
  images: z.array(z.string().min(1).max(512)).max(256).default(['*']),
  hostPorts: z.strictObject({ from: HostPort, to: HostPort }).default({ from: 1024, to: 65_535 }),
  /** Folders below which servers' files may be; none named: the agent's own. */
  dataRoots: z.array(z.string().startsWith('/')).max(64).default([]),
  minimumUid: z.int().min(1).default(1000),
  maximumMemoryMb: z.int().min(16).nullable().default(null),
  maximumSwapMb: z.int().min(0).nullable().default(null),
  maximumCpuCores: z.number().positive().nullable().default(null),
  maximumDiskMb: z.int().min(16).nullable().default(null),
  pidsLimit: z.int().min(16).max(32_768).default(512),
  openFiles: z.int().min(64).max(1_048_576).default(65_536),
  tmpMb: z.int().min(1).max(65_536).default(100),
  /** An installation gets its server's memory, and at least this much. */
  installMemoryMb: z.int().min(64).default(1024),
  network: Network.prefault({}),
  egress: Egress.prefault({}),
})
export type NodePolicy = z.infer<typeof NodePolicy>

/** The part of an order that a policy looks at. */
export interface OrderToCheck {
  readonly role: 'server' | 'install'
  readonly spec: ServerSpec
  readonly dataDir: string
  readonly uid: number
}

/** Whether the policy lets this be run: `true`, or a sentence that says what is outside of it. */
export function allows(policy: NodePolicy, order: OrderToCheck): true | string {
  return (
    imageReason(policy, order) ??
    portReason(policy, order.spec) ??
    limitReason(policy, order.spec) ??
    fileReason(policy, order) ??
    true
  )
}

function imageReason(policy: NodePolicy, { role, spec }: OrderToCheck): string | null {
  const image = role === 'install' ? spec.install?.image : spec.image
  if (image === undefined) return 'There is no installation to run.'
  const names = [image, fullImageName(image)]
  const allowed = policy.images.some((pattern) => names.some((name) => matches(pattern, name)))
  return allowed ? null : `The node's policy does not allow the image ${image}.`
}

/**
 * An image's name with the registry that the engine would ask: `nginx` is
 * `docker.io/library/nginx`.
 */
export function fullImageName(image: string): string {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0) return `docker.io/library/${image}`
  const namesRegistry = first.includes('.') || first.includes(':') || first === 'localhost'
  return namesRegistry ? image : `docker.io/${image}`
}

/** Whether `*`-pattern and name agree from end to end. Linear in the name for each star. */
function matches(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return pattern === name
  if (!name.startsWith(head)) return false
  let at = head.length
  for (const part of parts) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - tail.length >= at && name.endsWith(tail)
}

function portReason(policy: NodePolicy, spec: ServerSpec): string | null {
  const { from, to } = policy.hostPorts
  const outside = spec.ports.find(({ hostPort }) => hostPort < from || hostPort > to)
  if (outside === undefined) return null
  return `The node's policy allows host ports ${from} to ${to}, not ${outside.hostPort}.`
}

function limitReason(policy: NodePolicy, { limits }: ServerSpec): string | null {
  const bounds = [
    ['memory', limits.memoryMb, policy.maximumMemoryMb, 'MB'],
    ['swap', limits.swapMb ?? 0, policy.maximumSwapMb, 'MB'],
    ['cpu', limits.cpuCores, policy.maximumCpuCores, 'cores'],
    ['disk', limits.diskMb, policy.maximumDiskMb, 'MB'],
  ] as const
  for (const [name, asked, most, unit] of bounds) {
    if (most !== null && asked > most) {
      return `The node's policy allows ${most} ${unit} of ${name} for a server, not ${asked}.`
    }
  }
  return null
}

function fileReason(policy: NodePolicy, { dataDir, uid }: OrderToCheck): string | null {
  if (!policy.dataRoots.some((root) => isInside(root, dataDir))) {
    return `The node's policy does not allow files at ${dataDir}.`
  }
  if (uid >= policy.minimumUid) return null
  return `The node's policy allows user ids from ${policy.minimumUid} on, not ${uid}.`
}

/**
 * Whether an absolute path, written without detours, stands below a folder (and is not that
 * folder).
 */
function isInside(folder: string, path: string): boolean {
  if (!isAbsolute(path) || path.includes('\0') || normalize(path) !== path) return false
  const root = normalize(folder)
  return path.startsWith(root.endsWith(sep) ? root : root + sep)
}
