import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startAgent } from '../../agent/agent.ts'
import { systemClock } from '../../agent/clock.ts'
import { enrol } from '../../agent/enrol.ts'
import { openIdentity } from '../../agent/identity.ts'
import { NodePolicy } from '../../agent/policy.ts'
import { orderInstall } from '../agent/agent-world.ts'
import { FakePanel, joinToken } from '../support/fake-panel.ts'
import { aDesired, aSpec, running, stopped } from '../support/server-fixtures.ts'
import { shell, testImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'
import { createRuntimeWorld, silentLog } from './runtime-world.ts'

/** Writes its settings, tells who owns them and what the panel made of them, and ends. */
const game = [
  'cd /data/conf',
  'ls -n game.ini | cut -c1-10',
  '[ "$(stat -c %u game.ini)" = "$(id -u)" ] && echo mine',
  'cat game.ini',
  'echo "; written by the game" >> game.ini',
  'grep -c 10.213 gateway.json',
].join('; ')

/** An agent as root with the real engine, and what it tells its panel of one server. */
async function realWorld() {
  const { runtime, dataRoot } = await createRuntimeWorld()
  const panel = await FakePanel.open()
  const dataDir = join(dataRoot, 'agent')
  mkdirSync(dataDir)
  const identity = openIdentity(dataDir)
  await enrol(identity, panel.url, joinToken)
  const agent = await startAgent({
    dataDir,
    panel: panel.url,
    identity,
    policy: NodePolicy.parse({ dataRoots: [dataDir] }),
    runtime,
    clock: systemClock(),
    random: Math.random,
    log: silentLog,
    bootId: 'boot-1',
    isRoot: true,
    program: resolve('agent/main.ts'),
  })
  onTestFinished(() => agent.close())
  await panel.untilWelcomed()
  panel.send({ type: 'console_from', after: {} })
  const said = () => panel.of('console').flatMap(({ lines }) => lines.map(({ text }) => text))
  return { runtime, panel, said }
}

test('[D8] a game finds its files in line, owns them, and may go on writing', async () => {
  const { runtime, panel, said } = await realWorld()
  const ini = { path: 'conf/game.ini', parser: 'ini' } as const
  const url = { match: 'url', ifValue: null, value: ['http://', { node: 'gateway' as const }] }
  const spec = aSpec({
    image: testImage,
    command: shell(game),
    ports: [],
    install: {
      image: testImage,
      entrypoint: '/bin/busybox sh',
      script:
        'mkdir conf; printf "; made by root\\n[net]\\nport = 1 ; the port\\n" > conf/game.ini',
    },
    configFiles: [
      { ...ini, replace: [{ match: 'net.port', ifValue: null, value: 4000 }] },
      { path: 'conf/gateway.json', parser: 'json', replace: [url] },
    ],
  })
  const server = aDesired({ spec, power: stopped })
  onTestFinished(() => runtime.forget(server.serverId))
  panel.want(server)
  orderInstall(panel, server.serverId)
  await panel.untilState(server.serverId, 'stopped')

  panel.want({ ...server, generation: 2, power: running(1) })
  const exit = await until(() => panel.observed(server.serverId)?.exit, 'its end', 60_000)
  await until(() => said().includes('Ended with code 0.'), 'its last line')

  expect(exit).toMatchObject({ code: 0 })
  expect(said()).toEqual(
    expect.arrayContaining(['-rw-r--r--', 'mine', '; made by root', 'port = 4000 ; the port', '1']),
  )
})
