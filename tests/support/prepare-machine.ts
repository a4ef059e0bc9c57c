import { existsSync } from 'node:fs'
import { buildAll } from '../../local/build/build-all.ts'
import { prepareDocker } from '../../local/docker-preflight.ts'
import { runProgram } from '../../local/run-program.ts'

/** Debian's browser: the tests' own downloads of one are neither reproducible nor needed. */
export const chromium = '/usr/bin/chromium'

/** Programs that the tests run, each in one of these places, and Debian's package that brings it. */
const programs = [
  { package: 'chromium', files: [chromium] },
  { package: 'iproute2', files: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'] },
  { package: 'curl', files: ['/usr/bin/curl'] },
] as const

/**
 * Gives the machine what the whole suite needs: the bundles, a Docker engine and Chromium, from Debian's
 * packages. Running the suite is the consent to install them.
 * @throws Error saying what could not be had
 */
export async function prepareMachine(): Promise<void> {
  const say = (line: string) => console.log(line)
  await buildAll({ log: say, force: false })
  const docker = await prepareDocker({
    yes: true,
    ask: null,
    engineLog: '/var/log/catalyst-dockerd.log',
    say,
  })
  if (!docker.ready) throw new Error(`${docker.reason}\n${docker.command}`)
  const missing = programs
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
