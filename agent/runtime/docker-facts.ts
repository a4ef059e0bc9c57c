import { existsSync } from 'node:fs'
import type Dockerode from 'dockerode'
import type { RuntimeFacts } from '../../contract/protocol/frames.ts'
import { callLimits, limited } from './docker-call.ts'
import type { Firewall } from './firewall-apply.ts'
import { RuntimeError } from './runtime.ts'

/** What the engine says of itself and of the machine, and what an admin should know about it. */
export async function engineFacts(docker: Dockerode, firewall: Firewall): Promise<RuntimeFacts> {
  try {
    const [version, info] = await limited('version and info', callLimits.look, () =>
      Promise.all([docker.version(), docker.info()]),
    )
    const runc = componentVersion(version, 'runc')
    return {
      engine: { name: engineName(version), version: version.Version.slice(0, 64) },
      runc,
      cgroup: cgroupOf(info.CgroupVersion),
      warnings: [...warningsOf(runc, info), ...listOf(await firewall.check())],
    }
  } catch (error) {
    if (error instanceof RuntimeError && ['engine_down', 'timed_out'].includes(error.fault)) {
      return { engine: null, runc: null, cgroup: mountedCgroup(), warnings: [error.message] }
    }
    throw error
  }
}

type Version = Awaited<ReturnType<Dockerode['version']>>

function engineName(version: Version): string {
  const isPodman = version.Components?.some(({ Name }) => /podman/i.test(Name)) === true
  return isPodman ? 'Podman' : 'Docker'
}

function componentVersion({ Components }: Version, name: string): string | null {
  const found = Components?.find((component) => component.Name === name)
  return found?.Version.slice(0, 64) ?? null
}

/** Engines too old to say use the first version. */
function cgroupOf(version: unknown): RuntimeFacts['cgroup'] {
  return version === '2' ? 'v2' : 'v1'
}

function mountedCgroup(): RuntimeFacts['cgroup'] {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return 'v2'
  return existsSync('/sys/fs/cgroup/memory') ? 'v1' : 'unknown'
}

/** The fields of the engine's description that are looked at; each may be missing. */
export interface EngineInfo {
  readonly SwapLimit?: boolean
  readonly PidsLimit?: boolean
  readonly SecurityOptions?: readonly string[]
}

/** Sentences about an engine that is weaker than it should be. Pure. */
export function warningsOf(runc: string | null, info: EngineInfo): string[] {
  const warnings: string[] = []
  if (runc !== null && isOldRunc(runc)) {
    warnings.push(
      `runc ${runc} has known ways out of a container. Update it to 1.2.8, 1.3.3 or later.`,
    )
  }
  if (info.SwapLimit === false) {
    warnings.push(
      'The kernel does not limit swap, so a server may use more memory than it has. Boot with swapaccount=1.',
    )
  }
  if (info.PidsLimit === false) {
    warnings.push(
      'The kernel does not limit processes: one server can exhaust the whole node. Mount the pids cgroup.',
    )
  }
  if (info.SecurityOptions?.some((option) => option.includes('seccomp')) === false) {
    warnings.push(
      'The engine does not filter system calls for containers. Turn its default seccomp profile on.',
    )
  }
  return warnings
}

/** First versions that close CVE-2025-31133, -52565 and -52881. */
const fixedRunc = [
  [1, 2, 8],
  [1, 3, 3],
] as const

/** Whether a version is before the fixed one of its line, or its line has none. */
export function isOldRunc(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] =
    /\d+(?:\.\d+)*/.exec(version)?.[0].split('.').map(Number) ?? []
  const line = fixedRunc.find((fixed) => fixed[0] === major && fixed[1] === minor)
  if (line !== undefined) return patch < line[2]
  return major < 1 || (major === 1 && minor < 2)
}

function listOf(warning: string | null): string[] {
  return warning === null ? [] : [warning.slice(0, 500)]
}
