import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DockerFacts, type DockerPlan, decide } from '../../local/docker/decide.ts'
import { engineAddress, pingEngine } from '../../local/docker/engine-ping.ts'
import { isDebianLike } from '../../local/docker/gather-facts.ts'

const bareDebian: DockerFacts = {
  platform: 'linux',
  dockerHost: null,
  engine: 'silent',
  installed: false,
  usesApt: true,
  systemdRuns: false,
  isRoot: true,
  consent: 'none',
}

describe('what is done about Docker', () => {
  const cases: [string, Partial<DockerFacts>, Partial<DockerPlan>][] = [
    ['an engine that answers is used', { engine: 'answers' }, { do: 'use' }],
    [
      'one that answers at DOCKER_HOST is used too',
      { engine: 'answers', dockerHost: 'tcp://127.0.0.1:2375' },
      { do: 'use' },
    ],
    [
      'a silent DOCKER_HOST is never replaced by an engine of ours',
      { dockerHost: 'tcp://10.0.0.1:2375', installed: true, consent: 'given' },
      { do: 'without', command: 'unset DOCKER_HOST' },
    ],
    [
      'a socket that may not be used names the group',
      { engine: 'forbidden', isRoot: false },
      { do: 'without', command: 'sudo usermod -aG docker "$USER"' },
    ],
    [
      'with --yes or CI it is installed without asking',
      { consent: 'given' },
      { do: 'install', ask: false, by: 'detached' },
    ],
    ['on a terminal it is asked for first', { consent: 'askable' }, { do: 'install', ask: true }],
    [
      'with nobody to ask nothing is installed',
      {},
      {
        do: 'without',
        reason: 'no Docker engine answers, and nobody can be asked to install one',
        command: 'apt-get install -y --no-install-recommends docker.io iptables',
      },
    ],
    [
      'a user who is not root gets the line to run',
      { isRoot: false, consent: 'given' },
      {
        do: 'without',
        command: 'sudo apt-get install -y --no-install-recommends docker.io iptables',
      },
    ],
    [
      'another Linux gets the general line, even as root with --yes',
      { usesApt: false, consent: 'given' },
      { do: 'without', command: 'curl -fsSL https://get.docker.com | sudo sh' },
    ],
    ['an installed engine is started', { installed: true }, { do: 'start', by: 'detached' }],
    [
      'by systemd where systemd runs',
      { installed: true, systemdRuns: true },
      { do: 'start', by: 'systemd' },
    ],
    [
      'but not by a user who is not root',
      { installed: true, systemdRuns: true, isRoot: false },
      { do: 'without', command: 'sudo systemctl start docker' },
    ],
    [
      'another system runs the panel without a node',
      { platform: 'darwin', consent: 'given' },
      { do: 'without', command: 'npm start -- --no-agent' },
    ],
  ]

  test.each(cases)('%s', (_sentence, facts, plan) => {
    expect(decide({ ...bareDebian, ...facts })).toMatchObject(plan)
  })
})

describe('finding the engine', () => {
  test('DOCKER_HOST names a socket or a port, and what cannot be spoken is null', () => {
    expect(engineAddress(null)).toEqual({ socketPath: '/var/run/docker.sock' })
    expect(engineAddress('unix:///tmp/d.sock')).toEqual({ socketPath: '/tmp/d.sock' })
    expect(engineAddress('tcp://127.0.0.1')).toEqual({ host: '127.0.0.1', port: 2375 })
    expect(engineAddress('tcp://[::1]:99')).toEqual({ host: '::1', port: 99 })
    expect(engineAddress('ssh://host')).toBeNull()
    expect(engineAddress('tcp://')).toBeNull()
  })

  test('an engine that accepts and never answers counts as silent', async () => {
    const socketPath = join(mkdtempSync(join(tmpdir(), 'ping-')), 'd.sock')
    const mute = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(socketPath, resolve))

    const state = await pingEngine({ socketPath }, 50)

    mute.closeAllConnections()
    mute.close()
    expect(state).toBe('silent')
    expect(await pingEngine({ socketPath: `${socketPath}.absent` })).toBe('silent')
  })

  test('relatives of Debian are recognised by ID or ID_LIKE', () => {
    expect(isDebianLike('NAME="Debian"\nID=debian\n')).toBe(true)
    expect(isDebianLike('ID=pop\nID_LIKE="ubuntu debian"\n')).toBe(true)
    expect(isDebianLike('ID=fedora\nVERSION_ID=43\n')).toBe(false)
    expect(isDebianLike('ID="alpine"\n')).toBe(false)
  })
})
