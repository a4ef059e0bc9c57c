import { describe, expect, test } from 'vitest'
import { AppError } from '../../../contract/errors.ts'
import { readTemplateText } from '../../../worker/services/templates/eggs/read-template.ts'
import { anEgg, aVariable } from './corpus.ts'
import { fieldsFound, read, withConfig } from './reading.ts'

describe('a report', () => {
  test.each([
    ['a file with a parser that nobody has', { 'a.toml': { parser: 'toml', find: {} } }],
    ['a file outside of the folder', { 'a/../../b.json': { parser: 'json', find: {} } }],
    ['a file that is the folder', { '/': { parser: 'json', find: {} } }],
    ['a file that changes to a list', { 'a.json': { parser: 'json', find: { a: [1] } } }],
    ['an empty place in a file', { 'a.json': { parser: 'json', find: { '': 'x' } } }],
  ])('names %s', (_what, files) => {
    const found = read(withConfig({ files }))

    expect(fieldsFound(found, 'error')).toHaveLength(1)
  })

  test('names a part of the configuration that is no JSON', () => {
    const found = read(withConfig({ files: '{"a.json": ' }))

    expect(found.body.configFiles).toEqual([])
    expect(fieldsFound(found, 'error')).toEqual(['config.files'])
  })

  test('names placeholders that nothing fills', () => {
    const find = { port: '{{config.token}} {{env.NOBODY}} {{env.DEPTH}}' }
    const files = { 'a.ini': { parser: 'ini', find } }
    const { config } = withConfig({ files })

    const found = read(anEgg({ config, startup: './burrow {{NOBODY}} {{server.port}} {{DEPTH}}' }))

    expect(fieldsFound(found, 'warning')).toEqual([
      'config.files.a.ini',
      'config.files.a.ini',
      'startup',
    ])
    expect(fieldsFound(found, 'error')).toEqual(['startup'])
  })

  test('has an end', () => {
    const variables = Array.from({ length: 1000 }, () => aVariable({ env_variable: '' }))

    expect(read(anEgg({ variables })).report).toHaveLength(200)
  })
})

describe('what cannot be a template at all', () => {
  const bomb = [
    'a: &a [x]',
    ...'bcdefghij'.split('').map((name, at) => {
      const before = 'abcdefghij'.charAt(at)
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`
    }),
  ].join('\n')

  test.each([
    ['no JSON and no YAML', '{"a": [', /neither JSON nor YAML/],
    ['a list', '[]', /no object/],
    ['a text', 'hello', /no object/],
    ['nothing', '', /no object/],
    ['an object of another kind', '{"a": 1}', /neither an egg nor a template/],
    ['an egg without an image', JSON.stringify(anEgg({ docker_images: {} })), /no image/],
    ['an egg without a name', JSON.stringify(anEgg({ name: '' })), /^name: /],
    ['YAML that unfolds without end', bomb, /neither JSON nor YAML/],
    ['a text with a NUL', JSON.stringify(anEgg({ description: 'a\0' })), /NUL/],
    ['one that lies too deep', `{"a":${'['.repeat(90)}${']'.repeat(90)}}`, /too deep/],
    ['a script that is too long', JSON.stringify(withScript('x'.repeat(140_000))), /installScript/],
  ])('%s', (_what, content, message) => {
    expect(failureOf(content)).toMatchObject([
      { path: ['content'], message: expect.stringMatching(message) },
    ])
  })
})

function withScript(script: string) {
  return anEgg({ scripts: { installation: { script, container: 'a:1', entrypoint: 'bash' } } })
}

function failureOf(content: string): unknown {
  try {
    readTemplateText(content)
    return null
  } catch (error) {
    return error instanceof AppError && error.code === 'invalid_input' ? error.details : error
  }
}
