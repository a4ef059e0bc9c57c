/** What was found out about this machine before anything is changed on it. */
export type DockerFacts = {
  readonly platform: string
  /** `DOCKER_HOST` as the user set it, or null. */
  readonly dockerHost: string | null
  readonly engine: 'answers' | 'silent' | 'forbidden'
  /** Both `dockerd` and the `iptables` it needs are on this machine. */
  readonly installed: boolean
  /** Debian, Ubuntu or a relative, with apt at hand. */
  readonly usesApt: boolean
  readonly systemdRuns: boolean
  readonly isRoot: boolean
  /** `given` by `--yes` or `CI=true`; `askable` on a terminal. */
  readonly consent: 'given' | 'askable' | 'none'
}

export type DockerPlan =
  | { readonly do: 'use' }
  | { readonly do: 'start'; readonly by: 'systemd' | 'detached' }
  | { readonly do: 'install'; readonly ask: boolean; readonly by: 'systemd' | 'detached' }
  | { readonly do: 'without'; readonly reason: string; readonly command: string }

const installLine = 'apt-get install -y --no-install-recommends docker.io iptables'

/** Chooses what to do about Docker; pure, so that every combination can be tested. */
export function decide(facts: DockerFacts): DockerPlan {
  if (facts.engine === 'answers') return { do: 'use' }
  if (facts.engine === 'forbidden') {
    return without('this user may not use the Docker socket', 'sudo usermod -aG docker "$USER"')
  }
  if (facts.dockerHost !== null) {
    return without(`no engine answers at DOCKER_HOST=${facts.dockerHost}`, 'unset DOCKER_HOST')
  }
  if (facts.platform !== 'linux') {
    return without('game servers need a Linux machine with Docker', 'npm start -- --no-agent')
  }

  const by = facts.systemdRuns ? 'systemd' : 'detached'
  if (facts.installed) return startPlan(facts, by)
  return installPlan(facts, by)
}

function startPlan(facts: DockerFacts, by: 'systemd' | 'detached'): DockerPlan {
  if (facts.isRoot) return { do: 'start', by }
  const command = by === 'systemd' ? 'sudo systemctl start docker' : 'sudo dockerd &'
  return without('Docker is installed but does not run', command)
}

function installPlan(facts: DockerFacts, by: 'systemd' | 'detached'): DockerPlan {
  if (!facts.usesApt) {
    return without('no Docker engine answers', 'curl -fsSL https://get.docker.com | sudo sh')
  }
  if (!facts.isRoot) return without('no Docker engine answers', `sudo ${installLine}`)
  if (facts.consent === 'none') {
    return without('no Docker engine answers, and nobody can be asked to install one', installLine)
  }
  return { do: 'install', ask: facts.consent === 'askable', by }
}

/** What to say when the person asked does not want Docker to be installed. */
export function declined(): DockerPlan & { do: 'without' } {
  return without('no Docker engine answers, and none was installed', installLine)
}

function without(reason: string, command: string): DockerPlan & { do: 'without' } {
  return { do: 'without', reason, command }
}
