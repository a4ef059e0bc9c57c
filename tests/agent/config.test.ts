import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readConfig, type Surroundings, usage } from '../../agent/config.ts'
import { agentVersion } from '../../agent/version.ts'

function read(args: string[], env: Surroundings['env'] = {}) {
  return readConfig({ args, env, onTerminal: false, isRoot: true, program: '/agent.mjs' })
}

describe('the command line', () => {
  test('without anything runs the agent from its usual place', () => {
    expect(read([])).toEqual({
      ok: true,
      config: {
        command: 'run',
        panel: null,
        dataDir: '/var/lib/catalyst',
        token: null,
        policyFile: '/etc/catalyst/policy.json',
        dockerHost: null,
        dieWithParent: false,
        logFormat: 'json',
        verbose: false,
        isRoot: true,
        program: '/agent.mjs',
      },
    })
  })

  test('wins over the environment', () => {
    const result = read(['join', '--panel', 'https://one.example/x', '--data', '/srv/a'], {
      CATALYST_PANEL: 'https://other.example',
      CATALYST_DATA: '/srv/b',
      CATALYST_JOIN_TOKEN: 'secret',
    })

    expect(result).toMatchObject({
      ok: true,
      config: {
        command: 'join',
        panel: 'https://one.example',
        dataDir: '/srv/a',
        token: 'secret',
      },
    })
  })

  test.each([
    [['dance']],
    [['run', 'twice']],
    [['--nonsense']],
    [['--panel', 'ftp://panel.example']],
    [['--panel', 'panel.example']],
    [['--data', 'relative/path']],
    [['--log', 'loud']],
  ])('%j is refused with a reason', (args) => {
    const result = read(args)

    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/\w/) })
  })

  test('explains every option that it takes', () => {
    const source = readFileSync('agent/config.ts', 'utf8')
    const declared = source.matchAll(/^ {2}'?([\w-]+)'?: \{ type: '/gm)
    const flags = Array.from(declared, (match) => match[1])

    expect(flags.length).toBeGreaterThan(5)
    for (const flag of flags) expect(usage).toContain(`--${flag}`)
  })
})

test('the agent has the project’s version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

  expect(agentVersion).toBe(version)
})
