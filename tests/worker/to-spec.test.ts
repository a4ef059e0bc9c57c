import { describe, expect, test } from 'vitest'
import { TemplateBody } from '../../contract/api/template-fields.ts'
import type { ServerId, TemplateId } from '../../contract/ids.ts'
import { ServerSpec } from '../../contract/protocol/spec.ts'
import { sendableSpec, specIssues } from '../../worker/services/servers/check-spec.ts'
import { type SpecParts, startOf, toSpec } from '../../worker/services/servers/to-spec.ts'

const serverId = '01900000-0000-7000-8000-000000000001' as ServerId // a brand, for a test
const templateId = '01900000-0000-7000-8000-000000000002' as TemplateId // a brand, for a test

function parts(
  template: Partial<TemplateBody>,
  environment: Record<string, string> = {},
  primaryPort: number | null = 25_565,
): SpecParts {
  const body = TemplateBody.parse({ name: 'T', image: 'game:1', startup: 'run', ...template })
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1.5, allocatedDiskMb: 2048 }
  const usual = { image: null, startupName: null, startupCommand: null }
  const port = { ip: '0.0.0.0', hostPort: 25_565, containerPort: 25_565, protocol: 'tcp' } as const
  return {
    template: { id: templateId, ...body },
    server: { id: serverId, name: 'My server', environment, ...usual, ...limits },
    ports: primaryPort === null ? [] : [port],
    primaryPort,
    portVariables: {},
  }
}

function variable(name: string, fallback = '', required = false) {
  const { variables } = TemplateBody.parse({
    name: 'T',
    image: 'i',
    startup: '',
    variables: [{ name, default: fallback, required }],
  })
  return variables
}

describe('the environment of a container', () => {
  test('tells the game where it runs', () => {
    expect(toSpec(parts({ startupMode: 'argv' })).environment).toEqual({
      TZ: 'UTC',
      SERVER_NAME: 'My server',
      SERVER_IP: '0.0.0.0',
      SERVER_PORT: '25565',
      PORT: '25565',
      SERVER_MEMORY: '512',
      MEMORY: '512',
      MEMORY_XMS: '256',
      SERVER_DIR: '/data',
      P_SERVER_UUID: serverId,
      STARTUP: 'run',
    })
  })

  test.each([
    ['a default stands until the owner sets something', 'WORLD', 'flat', {}, 'flat'],
    ['what the owner sets stands above the default', 'WORLD', 'flat', { WORLD: 'big' }, 'big'],
    ['an empty value is a value', 'WORLD', 'flat', { WORLD: '' }, ''],
    ['a template may name the server itself', 'SERVER_NAME', 'Theirs', {}, 'Theirs'],
    ['a template may choose the time zone', 'TZ', 'Europe/Berlin', {}, 'Europe/Berlin'],
    ['nobody chooses the port that the panel gave', 'SERVER_PORT', '1', {}, '25565'],
    ['nobody chooses more memory', 'SERVER_MEMORY', '1', { SERVER_MEMORY: '9999' }, '512'],
  ])('%s', (_sentence, name, fallback, given, expected) => {
    const spec = toSpec(parts({ variables: variable(name, fallback) }, given))

    expect(spec.environment[name]).toBe(expected)
  })

  test('has nothing that the template does not name', () => {
    expect(toSpec(parts({}, { LD_PRELOAD: '/evil.so' })).environment).not.toHaveProperty(
      'LD_PRELOAD',
    )
  })

  test('names no port where there is none', () => {
    const { environment } = toSpec(parts({}, {}, null))

    expect(environment).not.toHaveProperty('SERVER_PORT')
    expect(environment).not.toHaveProperty('PORT')
  })
})

describe('the command of a container', () => {
  const startup = 'game --port {{SERVER_PORT}} --name {{NAME}}'
  const variables = variable('NAME', 'a b')

  test.each([
    ['argv', ['game', '--port', '25565', '--name', 'a b'], 'game --port 25565 --name a b'],
    ['shell', ['/bin/sh', '-c', `game --port $${'{SERVER_PORT}'} --name $${'{NAME}'}`], undefined],
    ['image', null, startup],
  ] as const)('in mode %s', (startupMode, command, line) => {
    const spec = toSpec(parts({ startup, startupMode, variables }))

    expect(spec.command).toEqual(command)
    if (line !== undefined) expect(spec.environment.STARTUP).toBe(line)
  })

  test('has empty words where nothing fills a placeholder, and says which', () => {
    const broken = parts({ startup: 'game {{ONE}} {{TWO}}', startupMode: 'argv' })

    expect(toSpec(broken).command).toEqual(['game', '', ''])
    expect(startOf(broken)).toEqual({ ok: false, missing: ['ONE', 'TWO'] })
    expect(specIssues(broken).map(({ path }) => path)).toEqual([
      ['environment', 'ONE'],
      ['environment', 'TWO'],
    ])
  })
})

test('stops by line and signal, and installs in the image that the template says', () => {
  const spec = toSpec(
    parts({ stopCommand: 'exit', sendSignalTo: 'SIGINT', installScript: 'a', installImage: 'b:2' }),
  )
  const plain = toSpec(parts({ installScript: 'a' }))

  expect(spec.stop).toEqual({ line: 'exit', signal: 'SIGINT', graceSeconds: 30 })
  expect(spec.install).toEqual({ image: 'b:2', entrypoint: '/bin/sh', script: 'a' })
  expect(plain.stop.line).toBeNull()
  expect(plain.install?.image).toBe('game:1')
  expect(toSpec(parts({})).install).toBeNull()
  expect(spec.limits).toEqual({ memoryMb: 512, cpuCores: 1.5, diskMb: 2048 })
})

describe('a spec that no frame can carry', () => {
  const huge = Array.from({ length: 40 }, (_, at) => variable(`V${at}`, 'x'.repeat(8000))).flat()

  test('is refused with its reason', () => {
    const issues = specIssues(parts({ variables: huge }))

    expect(issues).toEqual([
      { path: ['environment'], message: expect.stringContaining('too large together') },
    ])
  })

  test('still lets its server be stopped and deleted', () => {
    const spec = sendableSpec(parts({ variables: huge, installScript: 'a' }))

    expect(ServerSpec.parse(spec)).toMatchObject({ environment: {}, install: null })
    expect(spec.ports).toHaveLength(1)
  })

  test('also when its image has a name that no image has', () => {
    const { template, ...rest } = parts({})

    const spec = sendableSpec({ ...rest, template: { ...template, image: 'a/../b' } })

    expect(ServerSpec.safeParse(spec).success).toBe(true)
  })
})
