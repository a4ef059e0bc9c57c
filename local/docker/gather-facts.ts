import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { DockerFacts } from './decide.ts'
import { engineAddress, pingEngine } from './engine-ping.ts'

/** Looks at this machine without changing it. */
export async function gatherDockerFacts(
  env: NodeJS.ProcessEnv,
  options: { readonly yes: boolean; readonly terminal: boolean },
): Promise<DockerFacts> {
  const dockerHost = env.DOCKER_HOST || null
  const address = engineAddress(dockerHost)
  const agreed = options.yes || env.CI === 'true'
  return {
    platform: process.platform,
    dockerHost,
    engine: address === null ? 'silent' : await pingEngine(address),
    installed: findProgram('dockerd', env) !== null && findProgram('iptables', env) !== null,
    usesApt: isDebianLike(readOsRelease()) && findProgram('apt-get', env) !== null,
    systemdRuns: existsSync('/run/systemd/system'),
    isRoot: process.getuid?.() === 0,
    consent: agreed ? 'given' : options.terminal ? 'askable' : 'none',
  }
}

/** The full path of a program, also in the system folders that a user's PATH may leave out. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | null {
  const folders = (env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin')
  const paths = folders.filter((folder) => folder !== '').map((folder) => join(folder, name))
  return paths.find(isExecutable) ?? null
}

/** Whether an os-release file speaks of Debian or of something made from it. */
export function isDebianLike(osRelease: string): boolean {
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)]
  return names.some(([, value]) =>
    (value ?? '').split(' ').some((id) => /^(debian|ubuntu)$/.test(id)),
  )
}

function readOsRelease(): string {
  const path = '/etc/os-release'
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Absent or not executable: either way not a program that can be run.
    return false
  }
}
