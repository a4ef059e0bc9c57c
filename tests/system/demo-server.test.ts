import { GameDig } from 'gamedig'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { ServerId } from '../../contract/ids.ts'
import { runProgram } from '../../local/run-program.ts'
import { freePort } from '../support/free-port.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const patience = 40_000

describe('the demo game server', () => {
  let stack: Stack
  let serverId: ServerId

  beforeAll(async () => {
    stack = await startStack({ args: ['--demo'] })
  })
  afterAll(async () => {
    await stack.call(servers.delete, { serverId })
    await until(async () => ((await all()).length === 0 ? true : null), 'deletion', patience)
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const all = async () => (await stack.call(servers.list, {})) as readonly unknown[] // one page
  const server = () => stack.call(servers.get, { serverId })
  const becomes = (status: string) =>
    until(
      async () => {
        const now = await server().catch(() => null)
        return now?.status === status ? now : null
      },
      status,
      patience,
    )
  const ended = (operationId: string) =>
    until(
      async () => {
        const now = await stack
          .call(operations.get, { operationId: operationId as never }) // branded, from the reply
          .catch(() => null)
        return now?.endedAt ? now : null
      },
      `the end of operation ${operationId}`,
      patience,
    )
  const lines = async () => (await stack.call(servers.logs, { serverId, lines: 1000 })).logs
  const query = (port: number | null) =>
    until(
      () =>
        GameDig.query({ type: 'openttd', host: '127.0.0.1', port: port ?? 0 }).catch(() => null),
      'an answer to the query',
      patience,
    )
  /** Types lines that the game prints back; each waits for the one before, since the game reads one at a time. */
  const say = async (words: readonly string[]) => {
    for (const word of words) {
      await stack.call(servers.command, { serverId, command: `echo ${word}` })
      const printed = async () => (await lines()).some((line) => isEcho(line, word))
      await until(printed, `the echo of ${word}`, patience)
    }
  }

  test('is created from the template, installs, starts and answers a query', async () => {
    const [template] = await stack.call(templates.list, {})
    const created = await stack.call(servers.create, {
      name: 'Trains',
      templateId: template?.id ?? ('' as never), // the call fails on it
      allocatedMemoryMb: 256,
      allocatedCpuCores: 1,
      allocatedDiskMb: 512,
      primaryPort: await freePort(),
    })
    serverId = created.id
    expect(await ended(created.operationId)).toMatchObject({ state: 'succeeded' })
    expect(await server()).toMatchObject({ status: 'stopped' })

    const start = await stack.call(servers.start, { serverId })
    expect(await ended(start.operationId)).toMatchObject({ state: 'succeeded' })
    const running = await becomes('running')

    expect(running.observedPorts).toContainEqual(
      expect.objectContaining({ hostPort: running.primaryPort, protocol: 'udp' }),
    )
    expect(await query(running.primaryPort)).toMatchObject({ name: 'Catalyst demo' })
  })

  test('[D7] loses and doubles no console line when agent and workerd are killed outright', async () => {
    const words = (part: string) => Array.from({ length: 5 }, (_none, at) => `${part}-${at}`)
    await say(words('before'))

    process.kill(stack.processId('agent'), 'SIGKILL')
    await say(words('agent'))
    process.kill(stack.workerd(), 'SIGKILL')
    await until(() => server().catch(() => null), 'the panel', patience)
    await say(words('workerd'))

    const printed = await lines()
    const seqs = printed.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_seq, at) => (seqs[0] ?? 0) + at))
    expect(printed.filter(({ stream }) => stream === 'gap')).toEqual([])
    for (const word of [...words('before'), ...words('agent'), ...words('workerd')]) {
      expect(
        printed.filter((line) => isEcho(line, word)),
        word,
      ).toHaveLength(1)
    }
    expect(await server()).toMatchObject({ status: 'running' })
  })

  test('goes on while everything is restarted, and is found again within seconds', async () => {
    const before = await server()
    const { dataDir } = stack

    await stack.stop()
    expect(await containerOf(serverId)).toMatch(/^Up /)
    stack = await startStack({ dataDir })

    const after = await becomes('running')
    expect(after.startedAt).toBe(before.startedAt)
    expect(stack.readyAfterMs).toBeLessThan(5_000)
    await say(['after-the-restart'])
  })

  test('restarts with the game it saved, and stops as its template says', async () => {
    const before = await lines()
    const lastSeq = before.at(-1)?.seq ?? 0
    const restartedAt = new Date().toISOString()
    const restart = await stack.call(servers.restart, { serverId })
    expect(await ended(restart.operationId)).toMatchObject({ state: 'succeeded' })
    await becomes('running')
    await say(['after-the-restart-of-the-game'])

    // [C1, D7] What the earlier process printed does not come back under new numbers.
    const since = (await lines()).filter(({ seq }) => seq > lastSeq)
    expect(since.filter(({ at }) => at < restartedAt)).toEqual([])

    const stop = await stack.call(servers.stop, { serverId })
    expect(await ended(stop.operationId)).toMatchObject({ state: 'succeeded' })

    expect(await becomes('stopped')).toMatchObject({ lastExit: { code: 0, expected: true } })
  })

  test('an installation that an image or a script breaks says so, and works when it is mended', async () => {
    const [template] = await stack.call(templates.list, {})
    const templateId = template?.id ?? ('' as never) // the call fails on it
    const { image = '', installScript = null } = template ?? {}
    const install = async () => ended((await stack.call(servers.install, { serverId })).operationId)

    await stack.call(templates.update, { templateId, image: 'catalyst/nowhere:none' })
    const missing = await install()
    expect(missing).toMatchObject({ state: 'failed', code: 'image_missing' })
    expect(missing.message).toMatch(/nowhere/)
    expect(await becomes('install_failed')).toMatchObject({ pending: false })

    await stack.call(templates.update, {
      templateId,
      image,
      installScript: 'echo half way there; exit 7',
    })
    const broken = await install()
    expect(broken).toMatchObject({ state: 'failed', code: 'script_failed' })
    expect(broken.log.join('\n')).toContain('half way there')

    await stack.call(templates.update, { templateId, installScript })
    expect(await install()).toMatchObject({ state: 'succeeded' })
    await becomes('stopped')
  })
})

/** The game prints what it is told to; the same line as it was typed is another stream. */
function isEcho(line: { stream: string; text: string }, word: string): boolean {
  return line.stream === 'stdout' && line.text.trim() === word
}

function containerOf(serverId: string): Promise<string> {
  const filter = ['ps', '--filter', `name=catalyst-${serverId}`, '--format', '{{.Status}}']
  return runProgram('docker', filter)
}
