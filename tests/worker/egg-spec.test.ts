import { describe, expect, test } from 'vitest'
import type { ServerId, TemplateId } from '../../contract/ids.ts'
import { ServerSpec } from '../../contract/protocol/spec.ts'
import { specIssues } from '../../worker/services/servers/check-spec.ts'
import { type SpecParts, startOf, toSpec } from '../../worker/services/servers/to-spec.ts'
import { readTemplateText } from '../../worker/services/templates/eggs/read-template.ts'
import { anEgg } from './eggs/corpus.ts'
import { withConfig } from './eggs/reading.ts'

const serverId = '01900000-0000-7000-8000-000000000001' as ServerId // a brand, for a test
const templateId = '01900000-0000-7000-8000-000000000002' as TemplateId // a brand, for a test

function serverOf(
  egg: Record<string, unknown>,
  change: Partial<SpecParts['server']> = {},
): SpecParts {
  const { body } = readTemplateText(JSON.stringify(egg))
  const chosen = { image: null, startupName: null, startupCommand: null }
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 2048 }
  return {
    template: { id: templateId, ...body },
    server: { id: serverId, name: 'Mine', environment: {}, ...chosen, ...limits, ...change },
    ports: [],
    portVariables: {},
    primaryPort: 4000,
  }
}

describe('a server of an egg', () => {
  test('is started by its image, which reads the line with its placeholders', () => {
    const spec = toSpec(serverOf(anEgg()))

    expect(ServerSpec.parse(spec)).toEqual(spec)
    expect(spec).toMatchObject({
      image: 'registry.example/burrow:2',
      command: null,
      environment: { STARTUP: anEgg().startup, DEPTH: '12', SERVER_PORT: '4000' },
      stop: { line: null, signal: 'SIGINT' },
      ready: ['All moles are awake'],
      install: { image: 'registry.example/installer:debian', entrypoint: 'bash' },
    })
  })

  test('has a file of a path with a slash before it in its own folder, as the node wants it', () => {
    const files = { '/settings/burrow.ini': { parser: 'ini', find: { port: '1' } } }
    const spec = toSpec(serverOf(withConfig({ files })))

    expect(spec.configFiles.map(({ path }) => path)).toEqual(['settings/burrow.ini'])
  })

  test('starts where its line has a variable that only the image may know', () => {
    const startup = './burrow {{DEPTH}} {{LANTERN}}'
    const parts = serverOf(anEgg({ startup }))

    expect(specIssues(parts)).toEqual([])
    expect(toSpec(parts).environment.STARTUP).toBe(startup)
  })

  test('has its files with everything filled in but what the node alone knows', () => {
    const { configFiles } = toSpec(serverOf(anEgg(), { environment: { DEPTH: '40' } }))
    const edits = Object.fromEntries(configFiles.map(({ path, replace }) => [path, replace]))

    expect(edits['burrow.conf']).toEqual([{ match: 'port=', ifValue: null, value: 'port=4000' }])
    expect(edits['settings/burrow.ini']).toEqual([
      { match: 'network.Port', ifValue: null, value: '4000' },
      { match: '[a.b].c', ifValue: null, value: '40' },
    ])
    expect(edits['tunnels.yml']).toEqual([
      {
        match: 'servers.*.address',
        ifValue: 'regex:^(127\\.0\\.0\\.1|localhost)(:\\d+)$',
        value: [{ node: 'gateway' }, '$2'],
      },
      { match: 'world.depth', ifValue: null, value: '40' },
      { match: 'world.seed', ifValue: null, value: null },
    ])
    expect(edits['burrow.properties']?.map(({ value }) => value)).toEqual(['4000', false, 12])
  })

  test('runs in the image and by the line that it chose', () => {
    const egg = anEgg({ startup_commands: { Deep: './burrow --deep' } })
    const chosen = { image: 'registry.example/burrow:1', startupName: 'Deep' }

    const { image, environment } = toSpec(serverOf(egg, chosen))

    expect({ image, line: environment.STARTUP }).toEqual({
      image: chosen.image,
      line: './burrow --deep',
    })
  })

  test('runs by the usual line where the one that it chose is gone, and by its own above all', () => {
    const gone = serverOf(anEgg(), { startupName: 'Gone' })
    const own = serverOf(anEgg(), { startupName: 'Gone', startupCommand: './burrow {{DEPTH}}' })

    expect(toSpec(gone).environment.STARTUP).toBe(anEgg().startup)
    expect(startOf(own)).toMatchObject({ ok: true, preview: './burrow 12' })
  })
})
