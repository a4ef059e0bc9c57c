import { randomUUID } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { GameDig } from 'gamedig'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { startupOf } from '../../contract/rules/startup.ts'
import { ensureOpenttdImage, openttdImage } from '../../local/demo/openttd-image.ts'
import { openttdTemplate } from '../../local/demo/openttd-template.ts'

const docker = new Docker()
const cacheFolder = join(import.meta.dirname, '../.cache')
const environment = {
  SERVER_NAME: 'Rail & Road\nautosave = never',
  MAX_CLIENTS: '7',
  MAP_SIZE: '6',
  SERVER_PORT: '3979',
}

beforeAll(async () => {
  await ensureOpenttdImage(cacheFolder, () => undefined)
})

function createData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openttd-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'data')
  mkdirSync(data)
  chownSync(data, 10_001, 10_001)
  return data
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Runs a command as tightly as the agent runs a game server. */
async function run(data: string, command: readonly string[], port?: number) {
  const binding = [{ HostIp: '127.0.0.1', HostPort: String(port) }]
  const published = { '3979/tcp': binding, '3979/udp': binding }
  const container = await docker.createContainer({
    name: `catalyst-test-${randomUUID()}`,
    Image: openttdImage,
    Entrypoint: [],
    Cmd: [...command],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    User: '10001:10001',
    OpenStdin: true,
    ExposedPorts: { '3979/tcp': {}, '3979/udp': {} },
    HostConfig: {
      Binds: [`${data}:/data`],
      CapDrop: ['ALL'],
      Memory: openttdTemplate.allocatedMemoryMb * 1024 * 1024,
      PidsLimit: 64,
      PortBindings: port === undefined ? {} : published,
      ReadonlyRootfs: openttdTemplate.readOnlyRoot,
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { '/tmp': 'nosuid,nodev,size=64m' },
    },
  })
  onTestFinished(() => container.remove({ force: true }))
  const attach = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true }
  const stream = await container.attach(attach)
  let output = ''
  stream.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await container.start()
  return {
    output: () => output,
    type: (line: string) => stream.write(`${line}\n`),
    exitCode: async () => (await container.wait()).StatusCode,
    isReady: () =>
      vi.waitFor(
        () => expect(openttdTemplate.ready.some((text) => output.includes(text))).toBe(true),
        { timeout: 20_000 },
      ),
  }
}

async function install(data: string) {
  const { installEntrypoint, installScript } = openttdTemplate
  const installer = await run(data, [installEntrypoint, '-c', installScript ?? 'exit 1'])
  expect(await installer.exitCode()).toBe(0)
  return installer.output()
}

function startCommand(): readonly string[] {
  const startup = startupOf(openttdTemplate.startupMode, openttdTemplate.startup, environment)
  if (!startup.ok || startup.command === null) throw new Error('the startup line is incomplete')
  return startup.command
}

test('the demo server installs, runs hardened, answers a query, stops, and goes on', async () => {
  const data = createData()
  const port = await freePort()
  await install(data)

  const first = await run(data, startCommand(), port)
  await first.isReady()
  const answer = await GameDig.query({
    type: 'openttd',
    host: '127.0.0.1',
    port,
    givenPortOnly: true,
  })
  first.type('getdate')
  await vi.waitFor(() => expect(first.output()).toMatch(/Date: 1950-01-/))
  first.type(openttdTemplate.stopCommand)
  expect(await first.exitCode()).toBe(0)

  expect(answer).toMatchObject({ name: 'Rail & Roadautosave = never', maxplayers: 7 })
  expect(first.output()).toContain('Map generated, starting game')

  const second = await run(data, startCommand(), port)
  await second.isReady()
  second.type(openttdTemplate.stopCommand)
  expect(await second.exitCode()).toBe(0)
  expect(second.output()).not.toContain('Map generated')
})

test('installing again keeps what the owner wrote', async () => {
  const data = createData()
  await install(data)
  const before = readFileSync(join(data, 'openttd.cfg'), 'utf8')

  const output = await install(data)

  expect(output).toContain('stays as it is')
  expect(readFileSync(join(data, 'openttd.cfg'), 'utf8')).toBe(before)
  expect(before).toContain('server_game_type = local')
})
