import { existsSync } from 'node:fs'
import { buildAll } from '../../local/build/build-all.ts'
import { prepareDocker } from '../../local/docker-preflight.ts'
import { runProgram } from '../../local/run-program.ts'

/** Debian's browser: the tests' own downloads of one are neither reproducible nor needed. */
export const chromium = '/usr/bin/chromium'

export interface Program {
  /** Debian's package that brings it. */
  readonly package: string
  /** It is in one of these places. */
  readonly files: readonly string[]
}

/** The engine's package brings it in some releases, in others it has its own. */
export const dockerCli: Program = { package: 'docker-cli', files: ['/usr/bin/docker'] }

const programs: readonly Program[] = [
  { package: 'chromium', files: [chromium] },
  { package: 'iproute2', files: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'] },
  { package: 'curl', files: ['/usr/bin/curl'] },
  { package: 'openssl', files: ['/usr/bin/openssl'] },
  dockerCli,
]

/**
 * Gives the machine what the whole suite needs: the bundles, a Docker engine and Chromium, from Debian's
 * packages. Running the suite is the consent to install them.
 * @throws Error saying what could not be had
 */
export async function prepareMachine(): Promise<void> {
  const say = (line: string) => console.log(line)
  await buildAll({ log: say, force: false })
  await prepareEngine(say)
  await installMissing(programs, say)
}

/** Sees that a Docker engine answers. @throws Error saying why there is none, and what helps */
export async function prepareEngine(say: (line: string) => void): Promise<void> {
  const docker = await prepareDocker({
    yes: true,
    ask: null,
    engineLog: '/var/log/catalyst-dockerd.log',
    say,
  })
  if (!docker.ready) throw new Error(`${docker.reason}\n${docker.command}`)
}

/** Installs the packages of the programs that are not here. @throws Error with apt's own words */
export async function installMissing(
  wanted: readonly Program[],
  say: (line: string) => void,
): Promise<void> {
  const missing = wanted
    .filter(({ files }) => !files.some((file) => existsSync(file)))
    .map((program) => program.package)
  if (missing.length === 0) return
  say(`Installing ${missing.join(', ')} (about 30 s)`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runProgram('apt-get', ['-q', 'update'], { env })
  await runProgram('apt-get', ['-q', 'install', '-y', '--no-install-recommends', ...missing], {
    env,
  })
}
