import { describe, expect, test } from 'vitest'
import { readTemplateText } from '../../../worker/services/templates/eggs/read-template.ts'
import { anEgg, anEggOfV1, pelicanYaml } from './corpus.ts'
import { fieldsFound, read, withConfig } from './reading.ts'

describe('an egg of PTDL_v2', () => {
  test('is read with all that it says', () => {
    const { body, format, report } = read(anEgg())

    expect(format).toBe('ptdl_v2')
    expect(report).toEqual([])
    expect(body).toMatchObject({
      name: 'Burrow',
      author: 'mole@example.org',
      description: 'Moles dig tunnels.',
      image: 'registry.example/burrow:2',
      images: [
        { name: 'Burrow 2', image: 'registry.example/burrow:2' },
        { name: 'Burrow 1', image: 'registry.example/burrow:1' },
      ],
      installImage: 'registry.example/installer:debian',
      installEntrypoint: 'bash',
      installScript: '#!/bin/bash\ncd /mnt/server\necho ready\n',
      startupMode: 'image',
      startups: [],
      ready: ['All moles are awake'],
      stopCommand: '',
      sendSignalTo: 'SIGINT',
      fileDenylist: ['*.pem'],
      updateUrl: 'https://eggs.example/burrow.json',
      features: { eggFeatures: ['eula', 'pid_limit'] },
      variables: [
        {
          name: 'DEPTH',
          title: 'Depth of the burrow',
          description: 'In metres.',
          default: '12',
          required: true,
          input: 'number',
          rules: ['required', 'integer', 'between:1,400'],
          userViewable: true,
          userEditable: true,
          secret: false,
        },
      ],
    })
  })

  test('keeps the changes to files with their placeholders, conditions and kinds of value', () => {
    const { configFiles } = read(anEgg()).body

    expect(configFiles.map(({ path, parser }) => [path, parser])).toEqual([
      ['burrow.conf', 'file'],
      ['burrow.properties', 'properties'],
      ['settings/burrow.ini', 'ini'],
      ['burrow.json', 'json'],
      ['tunnels.yml', 'yaml'],
      ['moles.yaml', 'yaml'],
      ['burrow.xml', 'xml'],
    ])
    expect(configFiles[1]?.find).toEqual([
      { match: 'server-port', ifValue: null, value: '{{server.build.default.port}}' },
      { match: 'online', ifValue: null, value: false },
      { match: 'depth', ifValue: null, value: 12 },
    ])
    expect(configFiles[4]?.find).toEqual([
      {
        match: 'servers.*.address',
        ifValue: 'regex:^(127\\.0\\.0\\.1|localhost)(:\\d+)$',
        value: '{{config.docker.interface}}$2',
      },
      { match: 'world.depth', ifValue: null, value: '{{server.environment.DEPTH}}' },
      { match: 'world.seed', ifValue: null, value: null },
    ])
    expect(configFiles[5]?.find).toEqual([
      { match: 'quiet', ifValue: 'yes', value: 'no' },
      { match: 'quiet', ifValue: 'true', value: 'false' },
    ])
  })
})

test('a name is one line of at most 100 characters', () => {
  expect(read(anEgg({ name: ' Bur\nrow\u202e ' })).body.name).toBe('Bur row')
  const long = read(anEgg({ name: 'x'.repeat(120) }))

  expect(long.body.name).toHaveLength(100)
  expect(fieldsFound(long, 'warning')).toEqual(['name'])
})

test('an egg of PTDL_v1 has a list of images, and its yes and no are numbers', () => {
  const { body, format } = read(anEggOfV1())

  expect(format).toBe('ptdl_v1')
  expect(body.image).toBe('registry.example/burrow:2')
  expect(body.images).toHaveLength(2)
  expect(body.variables).toMatchObject([{ userViewable: true, userEditable: false }])
})

test('an egg of PTDL_v1 with a single image has no choice', () => {
  const { body } = read(anEggOfV1({ images: undefined, image: 'registry.example/burrow:2' }))

  expect(body).toMatchObject({ image: 'registry.example/burrow:2', images: [] })
})

describe('an egg of Pelican', () => {
  test('is read from YAML, with several startup lines and rules as a list', () => {
    const { body, format, report } = readTemplateText(pelicanYaml)

    expect(format).toBe('plcn_v3')
    expect(report).toEqual([])
    expect(body).toMatchObject({
      name: 'Burrow',
      image: 'registry.example/burrow:2',
      startup: './burrow {{SERVER_PORT}}',
      startups: [
        { name: 'Default', command: './burrow {{SERVER_PORT}}' },
        { name: 'With a map', command: './burrow {{SERVER_PORT}} --map' },
      ],
      ready: ['All moles are awake', 'Moles were awake already'],
      stopCommand: 'quit',
      fileDenylist: [],
      configFiles: [{ path: 'burrow.ini', parser: 'ini' }],
      variables: [
        { default: '12', userEditable: false, rules: ['required', 'regex:/^(1|2|[1-9]\\d)$/'] },
      ],
    })
  })

  test.each(['PLCN_v1', 'PLCN_v2', 'plcn_v3'])('of version %s is read', (version) => {
    expect(read(anEgg({ meta: { version } })).format).toBe(version.toLowerCase())
  })

  test.each([
    ['PLCN_v9', 'plcn_v3'],
    ['PTDL_v9', 'ptdl_v2'],
  ])('of version %s, which is not known, is read as %s and says so', (version, format) => {
    const found = read(anEgg({ meta: { version } }))

    expect(found.format).toBe(format)
    expect(fieldsFound(found, 'warning')).toEqual(['meta.version'])
  })
})

describe('how a server stops', () => {
  test.each([
    ['stop', 'stop', 'SIGTERM', 30],
    ['save and quit now', 'save and quit now', 'SIGTERM', 30],
    ['^C', '', 'SIGINT', 30],
    ['^c', '', 'SIGINT', 30],
    ['^^C', '', 'SIGINT', 10],
    ['^SIGINT', '', 'SIGINT', 30],
    ['^SIGTERM', '', 'SIGTERM', 30],
    ['^SIGKILL', '', 'SIGKILL', 30],
    ['^SIGQUIT', '', 'SIGQUIT', 30],
    ['^SIGABRT', '', 'SIGABRT', 30],
    ['', '', 'STOPSIGNAL', 30],
    [undefined, '', 'STOPSIGNAL', 30],
  ])('%j: line %j, then %s, killed after %i s', (stop, stopCommand, sendSignalTo, grace) => {
    const found = read(withConfig({ stop }))

    expect(found.body).toMatchObject({ stopCommand, sendSignalTo, stopGraceSeconds: grace })
    expect(found.report).toEqual([])
  })

  test.each([
    ['^X', 'SIGKILL'],
    ['^V', 'SIGKILL'],
  ])('%s is told, as it is not what was meant', (stop, sendSignalTo) => {
    const found = read(withConfig({ stop }))

    expect(found.body).toMatchObject({ stopCommand: '', sendSignalTo })
    expect(fieldsFound(found, 'warning')).toEqual(['config.stop'])
  })
})

describe('what means ready', () => {
  test.each([
    [JSON.stringify({ done: 'Up' }), ['Up']],
    [{ done: ['Up', 'Awake'], strip_ansi: true }, ['Up', 'Awake']],
    [JSON.stringify({ done: 'regex:^Up \\(\\d+ s\\)' }), ['regex:^Up \\(\\d+ s\\)']],
    [JSON.stringify({ done: '' }), []],
    [JSON.stringify({ userInteraction: [] }), []],
    ['', []],
    [null, []],
  ])('%j', (startup, ready) => {
    const found = read(withConfig({ startup }))

    expect(found.body.ready).toEqual(ready)
    expect(found.report).toEqual([])
  })

  test('is left out and told where RE2 cannot read it', () => {
    const found = read(withConfig({ startup: { done: ['regex:(?=a)', 'Up'] } }))

    expect(found.body.ready).toEqual(['Up'])
    expect(fieldsFound(found, 'error')).toEqual(['config.startup.done'])
  })
})

describe('images', () => {
  test('lose the mark that keeps them from being fetched, which is told', () => {
    const found = read(anEgg({ docker_images: { Own: '~registry.example/burrow:2' } }))

    expect(found.body.image).toBe('registry.example/burrow:2')
    expect(fieldsFound(found, 'warning')).toEqual(['docker_images.Own'])
  })

  test('that no engine would take are left out, which is told', () => {
    const docker_images = { Bad: 'Registry.Example/UPPER/..', Good: 'registry.example/burrow:2 ' }

    const found = read(anEgg({ docker_images }))

    expect(found.body.image).toBe('registry.example/burrow:2')
    expect(fieldsFound(found, 'error')).toEqual(['docker_images.Bad'])
  })

  test('may be a list under the newer name', () => {
    expect(read(anEgg({ docker_images: ['registry.example/burrow:2'] })).body.image).toBe(
      'registry.example/burrow:2',
    )
  })
})

test.each([
  [[], []],
  [{}, []],
  [null, []],
  ['', []],
  ['*.pem\r\n\nsecret/', ['*.pem', 'secret/']],
  [{ 0: 'a', 3: 'b' }, ['a', 'b']],
])('a list of denied files may be %j', (file_denylist, expected) => {
  expect(read(anEgg({ file_denylist })).body.fileDenylist).toEqual(expected)
})

test.each([null, [], {}, ''])('features may be %j', (features) => {
  expect(read(anEgg({ features })).body.features).toEqual({})
})
