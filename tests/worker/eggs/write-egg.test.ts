import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemplateBody } from '../../../contract/api/template-fields.ts'
import {
  type ReadTemplate,
  readTemplateText,
} from '../../../worker/services/templates/eggs/read-template.ts'
import { writeCatalyst } from '../../../worker/services/templates/eggs/write-catalyst.ts'
import { writeEgg } from '../../../worker/services/templates/eggs/write-egg.ts'
import { anEgg, anEggOfV1, aVariable, originalTemplate, pelicanYaml } from './corpus.ts'
import { eggs } from './generated.ts'
import { meaningOf } from './meaning.ts'

const at = '2026-12-01T00:00:00.000Z'

function read(egg: unknown): ReadTemplate {
  return readTemplateText(typeof egg === 'string' ? egg : JSON.stringify(egg))
}

function written(one: ReadTemplate, change: Partial<TemplateBody> = {}) {
  const { format, document } = one
  return { ...writeEgg({ ...one.body, ...change }, { format, document }, at) }
}

describe('an egg that is read and written again', () => {
  test('is the same, but for when it was written', () => {
    expect(written(read(anEgg()))).toEqual({ ...anEgg(), exported_at: at })
  })

  test('keeps what is not known here, wherever it stands', () => {
    const egg = anEgg({
      force_outgoing_ip: true,
      meta: { version: 'PTDL_v2', update_url: null, by: 'a fork' },
      config: { ...(anEgg().config as object), extends: 'other', stop: '^X' },
      variables: [aVariable({ sort: 3, hint: 'deep' })],
    })

    expect(written(read(egg))).toEqual({ ...egg, exported_at: at })
  })

  test('in an older version has the newer form, and a map of images', () => {
    const egg = written(read(anEggOfV1()))

    expect(egg).toMatchObject({
      meta: { version: 'PTDL_v2' },
      docker_images: {
        'registry.example/burrow:2': 'registry.example/burrow:2',
        'registry.example/burrow:1': 'registry.example/burrow:1',
      },
      variables: [{ field_type: 'text', user_viewable: true, user_editable: false }],
    })
    expect(egg).not.toHaveProperty('images')
  })

  test('from Pelican has texts for objects, and keeps its picture, tags and startup lines', () => {
    const egg = written(read(pelicanYaml))

    expect(egg).toMatchObject({
      uuid: '00000000-1111-2222-3333-444444444444',
      tags: ['digging'],
      image: 'data:image/png;base64,iVBORw0KGgo=',
      startup: './burrow {{SERVER_PORT}}',
      startup_commands: { 'With a map': './burrow {{SERVER_PORT}} --map' },
      config: {
        startup: JSON.stringify({ done: ['All moles are awake', 'Moles were awake already'] }),
        logs: '{}',
        stop: 'quit',
      },
      variables: [{ rules: 'required|regex:/^(1|2|[1-9]\\d)$/', sort: 1 }],
    })
    expect(read(egg).body).toEqual(read(pelicanYaml).body)
  })

  test('has the change that was made here, and all else as before', () => {
    const one = read(anEgg())

    const egg = written(one, { stopCommand: 'end', sendSignalTo: 'SIGTERM', ready: ['Up'] })

    const config = { ...(anEgg().config as object), stop: 'end' }
    expect(egg).toEqual({
      ...anEgg(),
      exported_at: at,
      config: { ...config, startup: JSON.stringify({ done: 'Up', userInteraction: [] }) },
    })
  })

  test('says under a key of ours what an egg has no words for', () => {
    const one = read(anEgg())
    const change = { category: 'Digging', supportedPorts: [4000], readOnlyRoot: true }

    const egg = written(one, change)

    expect(egg.catalyst).toEqual(change)
    expect(read(egg).body).toEqual({ ...one.body, ...change })
  })

  test('passes over what is wrong under that key', () => {
    const egg = anEgg({ catalyst: { category: 7, supportedPorts: [4000], name: 'Other' } })

    expect(read(egg).body).toMatchObject({ category: '', supportedPorts: [4000], name: 'Other' })
  })
})

test('a template that was made here is an egg that says the same', () => {
  const body = TemplateBody.parse({
    name: 'Made here',
    image: 'registry.example/burrow:2',
    startup: './burrow {{DEPTH}}',
    installScript: 'echo ready',
    ready: ['Up', 'Awake'],
    variables: [{ name: 'DEPTH', rules: ['required', 'string'], secret: true }],
    configFiles: [
      {
        path: 'a.ini',
        parser: 'ini',
        find: [
          { match: 'a', value: 1 },
          { match: 'a', ifValue: 'x', value: 2 },
        ],
      },
    ],
  })

  const egg = writeEgg(body, null, at)

  expect(read(egg).body).toEqual(body)
  expect(egg).toMatchObject({ meta: { version: 'PTDL_v2' }, config: { stop: '^SIGTERM' } })
})

describe('any egg', () => {
  test('means the same when it is read and written again', () => {
    fc.assert(
      fc.property(eggs, (egg) => {
        expect(meaningOf(written(read(egg)))).toEqual(meaningOf(egg))
      }),
      { numRuns: 300 },
    )
  })

  test('is the same template when it is written and read again, however it was changed', () => {
    fc.assert(
      fc.property(eggs, fc.constantFrom('^C', 'end'), (egg, stopCommand) => {
        const change = { stopCommand, category: 'Digging', description: 'Changed' }
        const one = read(egg)

        expect(read(written(one, change)).body).toEqual({ ...one.body, ...change })
      }),
      { numRuns: 200 },
    )
  })
})

test('any template is an egg that says the same, in the words of eggs where they have some', () => {
  const ours = ['images', 'startups', 'features', 'version']
  fc.assert(
    fc.property(eggs, (one) => {
      const { body } = read(one)
      const { catalyst = {}, ...egg } = { ...writeEgg(body, null, at) }

      expect(read({ ...egg, catalyst }).body).toEqual(body)
      expect(Object.keys(catalyst as object).filter((name) => !ours.includes(name))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

describe('a template of the original', () => {
  const { format, document, body, report } = read(originalTemplate)

  test('is read with its meaning', () => {
    expect(format).toBe('catalyst')
    expect(body).toMatchObject({
      name: 'Burrow',
      version: '2.1.0',
      image: 'registry.example/burrow:1',
      images: [
        { name: 'two', image: 'registry.example/burrow:2' },
        { name: 'one', image: 'registry.example/burrow:1' },
      ],
      startupMode: 'shell',
      stopCommand: 'end',
      sendSignalTo: 'SIGINT',
      installImage: 'alpine:3.19',
      installEntrypoint: '/bin/sh',
      installScript: `#!/bin/sh\necho "$${'{DEPTH}'}" > depth.txt\n`,
      supportedPorts: [4000],
      allocatedMemoryMb: 2048,
      allocatedCpuCores: 2,
      features: { iconUrl: 'https://eggs.example/burrow.png', configFile: 'burrow.ini' },
    })
    expect(body.variables.map(({ name, input }) => [name, input])).toEqual([
      ['DEPTH', 'number'],
      ['WORLD_PORT', 'number'],
    ])
    expect(report.map(({ field }) => field)).toEqual([
      'publishedBy',
      'installScript',
      'variables.1',
    ])
  })

  test('is the same when it is written again, with the fields that it left out', () => {
    const again = writeCatalyst(body, { format, document })

    expect(again).toMatchObject(originalTemplate)
    expect(read(again).body).toEqual(body)
  })

  test('has what was changed here, also of its images', () => {
    const image = 'registry.example/burrow:3'
    const again = writeCatalyst({ ...body, image, author: 'Another' }, { format, document })

    expect(again).toMatchObject({
      image,
      author: 'Another',
      publishedBy: originalTemplate.publishedBy,
    })
    expect(read(again).body).toMatchObject({ image, author: 'Another' })
  })

  test('is an egg that says the same', () => {
    const egg = writeEgg(body, { format, document }, at)

    expect(read(egg).body).toEqual(body)
  })

  test.each([
    ['no name', { name: '' }, /^name: /],
    ['no image', { image: '', defaultImage: undefined }, /^image: /],
    ['a variable that is none', { variables: ['DEPTH'] }, /^variables\.0: /],
    ['a variable without a name', { variables: [{ default: '' }] }, /^variables\.0\.name: /],
  ])('with %s is none', (_what, change, message) => {
    expect(() => read({ ...originalTemplate, ...change })).toThrow(
      expect.objectContaining({
        details: [{ path: ['content'], message: expect.stringMatching(message) }],
      }),
    )
  })
})

test('an egg in our own format is that template', () => {
  const { format, document, body } = read(anEgg())
  const ours = writeCatalyst(body, { format, document })

  expect(read(ours)).toMatchObject({ format: 'catalyst', body, report: [] })
})
