import { type DockerPlan, decide, declined } from './docker/decide.ts'
import { startDetachedEngine, untilEngineAnswers } from './docker/engine-start.ts'
import { gatherDockerFacts } from './docker/gather-facts.ts'
import { runProgram } from './run-program.ts'

export type DockerReadiness =
  | { readonly ready: true; readonly startedHere: boolean }
  | { readonly ready: false; readonly reason: string; readonly command: string }

export type DockerPreflight = {
  /** `--yes`: install without asking. */
  readonly yes: boolean
  /** Where a `dockerd` that we start writes. */
  readonly engineLog: string
  /** Asks the person at the terminal; null when there is no terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | null
  readonly say: (line: string) => void
}

/**
 * Makes a Docker engine answer on this machine if it may, or says why there is none and the one
 * line that helps. Rejects only when an installation or a start that was agreed to fails.
 */
export async function prepareDocker(options: DockerPreflight): Promise<DockerReadiness> {
  const facts = await gatherDockerFacts(process.env, {
    yes: options.yes,
    terminal: options.ask !== null,
  })
  return carryOut(decide(facts), options)
}

async function carryOut(plan: DockerPlan, options: DockerPreflight): Promise<DockerReadiness> {
  switch (plan.do) {
    case 'use':
      return { ready: true, startedHere: false }
    case 'without':
      return { ready: false, reason: plan.reason, command: plan.command }
    case 'install':
      if (plan.ask && !(await agreesToInstall(options))) return carryOut(declined(), options)
      await installEngine(options.say)
      return carryOut({ do: 'start', by: plan.by }, options)
    case 'start':
      options.say('Starting the Docker engine')
      if (plan.by === 'systemd') await startSystemdEngine()
      else await startDetachedEngine(options.engineLog)
      return { ready: true, startedHere: true }
  }
}

async function agreesToInstall(options: DockerPreflight): Promise<boolean> {
  const question = 'No Docker engine answers. Install docker.io and iptables with apt now?'
  return options.ask === null ? false : options.ask(question)
}

async function installEngine(say: (line: string) => void): Promise<void> {
  say('Installing docker.io and iptables (about 20 s)')
  const apt = ['-q', '-o', 'DPkg::Lock::Timeout=300']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  // An update that fails (one mirror of several is down) need not keep the install from working.
  await runProgram('apt-get', [...apt, 'update'], { env }).catch((error: unknown) => {
    say(String(error))
  })
  const packages = ['docker.io', 'iptables']
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages]
  await runProgram('apt-get', install, { env })
}

async function startSystemdEngine(): Promise<void> {
  await runProgram('systemctl', ['start', 'docker'])
  await untilEngineAnswers(() => null)
}
