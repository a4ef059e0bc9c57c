import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { agentVersion } from '../../agent/version.ts'
import { FakePanel, joinToken } from '../support/fake-panel.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

interface Program {
  readonly child: ChildProcess
  output(): string
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** Runs the agent's program as it is, with an engine's socket that does not exist. */
function program(...args: string[]): Program {
  const child = spawn(process.execPath, ['agent/main.ts', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  return { child, output: () => output, ended }
}

async function joinedPanel() {
  const panel = await FakePanel.open()
  const dataDir = join(temporaryDir(), 'node')
  const run = (...more: string[]) => program('run', '--data', dataDir, '--log', 'json', ...more)
  const first = run('--panel', panel.url, '--token', joinToken)
  await panel.untilWelcomed()
  return { panel, dataDir, run, first }
}

describe('the program', () => {
  test('[N2] refuses to be the second agent of a data directory', async () => {
    const { run } = await joinedPanel()

    const second = run()

    expect(await second.ended).toBe(1)
    expect(second.output()).toContain('Another agent works in')
  })

  test('[N2] killed outright leaves no lock behind, and needs no token again', async () => {
    const { panel, run, first } = await joinedPanel()
    first.child.kill('SIGKILL')
    await first.ended

    run()
    await panel.untilWelcomed(2)

    expect(panel.hellos.map(({ bootNo }) => bootNo)).toEqual([1, 2])
  })

  test('ends cleanly when it is asked to', async () => {
    const { panel, first } = await joinedPanel()

    first.child.kill('SIGTERM')

    expect(await first.ended).toBe(0)
    expect(panel.closes).toMatchObject([{ code: 1000 }])
  })

  test('ends with its parent when it was told to', async () => {
    const { panel, run, first } = await joinedPanel()
    first.child.kill('SIGTERM')
    await first.ended
    const child = run('--die-with-parent')
    await panel.untilWelcomed(2)

    child.child.stdin?.end()

    expect(await child.ended).toBe(0)
  })

  test('tells an engine that is away as it is', async () => {
    const { panel } = await joinedPanel()

    expect(panel.hellos[0]?.runtime.engine).toBeNull()
  })

  test('[Q14] says no token in its log', async () => {
    const { first } = await joinedPanel()

    expect(first.output()).not.toContain(joinToken)
  })

  test('without a place to go says how to get one', async () => {
    const lost = program('run', '--data', join(temporaryDir(), 'node'), '--panel', 'http://[::1]:9')

    expect(await lost.ended).toBe(1)
    expect(lost.output()).toContain('--token')
  })

  test.each([
    ['--help', 0, 'catalyst-agent doctor'],
    ['version', 0, agentVersion],
    ['--nonsense', 2, '--panel <url>'],
  ])('%s ends with %i and says %s', async (argument, code, said) => {
    const run = program(argument)

    expect(await run.ended).toBe(code)
    expect(run.output()).toContain(said)
  })
})
