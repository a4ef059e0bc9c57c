import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ConfigFile } from '../../contract/protocol/config-files.ts'
import { running } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { gameSpec, type InstalledWorld, installedWorld } from './agent-world.ts'
import { want } from './running-world.ts'

const port: ConfigFile = {
  path: 'conf/server.properties',
  parser: 'properties',
  replace: [{ match: 'server-port', ifValue: null, value: 25570 }],
}

/** An installed server that has files, as the game left them, and is about to be started. */
async function worldWith(configFiles: ConfigFile[], files: Readonly<Record<string, string>> = {}) {
  const world = await installedWorld({ ...gameSpec, configFiles })
  const root = join(world.dataDir, 'servers', world.server.serverId, 'files')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { ...world, root, read: (path: string) => readFileSync(join(root, path), 'utf8') }
}

function start(world: InstalledWorld): void {
  want(world, { generation: 2, power: running(1) })
}

async function problemOf(world: InstalledWorld) {
  start(world)
  return world.panel.until(() => world.panel.observed(world.server.serverId)?.problem)
}

test('[D8] before a start a file is brought into line, and what is not named stays', async () => {
  const world = await worldWith([port], {
    'conf/server.properties': '# mine\nmotd=Hi\nserver-port=1\n',
  })

  start(world)
  await world.panel.untilState(world.server.serverId, 'running')

  expect(world.read('conf/server.properties')).toBe('# mine\nmotd=Hi\nserver-port=25570\n')
})

test('[D8] a file that is missing is made, with the folders on the way', async () => {
  const world = await worldWith([port])

  start(world)
  await world.panel.untilState(world.server.serverId, 'running')

  expect(world.read('conf/server.properties')).toBe('server-port=25570\n')
})

test('[D8] a file that is in line already is not written', async () => {
  const world = await worldWith([port], { 'conf/server.properties': 'server-port=25570' })
  const file = join(world.root, 'conf/server.properties')
  utimesSync(file, 1, 1)
  const before = statSync(file)

  start(world)
  await world.panel.untilState(world.server.serverId, 'running')

  expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: 1000 })
})

test('[D8] the node fills in its own address on the server’s network', async () => {
  const value = ['jdbc:mysql://', { node: 'gateway' as const }, ':3306']
  const world = await worldWith([
    { path: 'db.json', parser: 'json', replace: [{ match: 'url', ifValue: null, value }] },
  ])

  start(world)
  await world.panel.untilState(world.server.serverId, 'running')

  expect(JSON.parse(world.read('db.json'))).toEqual({ url: 'jdbc:mysql://10.213.0.1:3306' })
})

test('[D8] a change that a file does not admit is told, and the others are made', async () => {
  const replace = [
    { match: 'list.key', ifValue: null, value: 1 },
    { match: 'port', ifValue: null, value: 2 },
  ]
  const world = await worldWith([{ path: 'a.yml', parser: 'yaml', replace }], {
    'a.yml': 'list: [1]\nport: 1\n',
  })

  start(world)
  await world.panel.untilState(world.server.serverId, 'running')

  expect(world.read('a.yml')).toBe('list: [1]\nport: 2\n')
  world.panel.send({ type: 'console_from', after: {} })
  await world.panel.until(() =>
    world.panel
      .of('console')
      .some(({ lines }) =>
        lines.some(({ text }) => text === 'a.yml: list.key was not set: list is a list.'),
      ),
  )
})

test('[D8] a file that cannot be read stops the start with a reason, and is left as it is', async () => {
  const broken = 'port: 1\n  motd: "never closed\n'
  const world = await worldWith([{ ...port, path: 'a.yml', parser: 'yaml' }], { 'a.yml': broken })

  const problem = await problemOf(world)

  expect(problem).toMatchObject({ code: 'config_file', startNo: 1 })
  expect(problem.message).toMatch(/^a\.yml cannot be brought into line: it is no YAML/)
  expect(world.read('a.yml')).toBe(broken)
  expect(world.engine.made).not.toContain('start 1')
})

test('[D8] a file beyond the bound is not read', async () => {
  const world = await worldWith([port], {
    'conf/server.properties': 'a=1\n'.repeat(300_000),
  })

  expect(await problemOf(world)).toMatchObject({
    code: 'config_file',
    message: 'conf/server.properties is too large.',
  })
})

test.each([
  ['../outside.properties', /is no path inside of the server's folder/],
  ['/etc/outside.properties', /is no path inside of the server's folder/],
  ['door/outside.properties', /links are not followed/],
])('[D8] %s leads outside and is refused', async (path, reason) => {
  const world = await worldWith([{ ...port, path }])
  const outside = temporaryDir()
  symlinkSync(outside, join(world.root, 'door'))

  const problem = await problemOf(world)

  expect(problem.code).toBe('config_file')
  expect(problem.message).toMatch(reason)
  expect(existsSync(join(outside, 'outside.properties'))).toBe(false)
})
