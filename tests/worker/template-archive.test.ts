import { createHash } from 'node:crypto'
import { gzipSync, strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { templateDocuments } from '../../contract/api/template-documents.ts'
import { templates } from '../../contract/api/templates.ts'
import { createWorld } from '../support/world.ts'
import { anEgg, pelicanYaml } from './eggs/corpus.ts'
import { tarOf } from './eggs/tar-of.ts'

const egg = (name: string) => JSON.stringify(anEgg({ name }))
const longFolder = 'a-folder-with-a-long-name/'.repeat(8)

const files = {
  'eggs/one.json': egg('One'),
  [`${longFolder}two.json`]: egg('Two'),
  'eggs/three.yaml': pelicanYaml,
  'eggs/again.json': egg('One'),
  'eggs/package.json': '{"private": true}',
  'eggs/broken.yml': 'a: [',
  'eggs/.hidden.json': egg('Hidden'),
  'README.md': '# Eggs',
  'eggs/bytes.json': new Uint8Array([0xff, 0xfe, 0x00]),
}

const bytesOf = (text: string | Uint8Array) => (typeof text === 'string' ? strToU8(text) : text)
const asBytes = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path, bytesOf(text)]),
)
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

describe.each([
  ['a zip', zipSync(asBytes)],
  ['a zip without compression', zipSync(asBytes, { level: 0 })],
  ['a tar.gz with POSIX names', gzipSync(tarOf(asBytes, 'posix'))],
  ['a tar.gz with names of GNU', gzipSync(tarOf(asBytes, 'gnu'))],
])('%s', (_what, archive) => {
  test('brings in each egg that it can, and tells of each that it cannot', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await w.addTemplate({ name: 'Two' })

    const outcomes = await admin.call(templateDocuments.importArchive, {
      archive: base64(archive),
      category: 'Digging',
    })

    expect(outcomes.map(({ path, template, error }) => [path, template?.name ?? error])).toEqual([
      ['eggs/one.json', 'One'],
      [`${longFolder}two.json`, 'A template is named "Two" already.'],
      ['eggs/three.yaml', 'Burrow'],
      ['eggs/again.json', 'A template is named "One" already.'],
      ['eggs/package.json', 'This is neither an egg nor a template of Catalyst.'],
      ['eggs/broken.yml', expect.stringContaining('neither JSON nor YAML')],
      ['eggs/bytes.json', 'This is no text in UTF-8.'],
    ])
    const made = await admin.call(templates.list, { category: 'Digging' })
    expect(made.map(({ name }) => name)).toEqual(['Burrow', 'One'])
    expect(outcomes[0]?.template?.id).toBe(made[1]?.id)
    const { items } = await admin.page(audit.list, { action: 'template.import_archive' })
    expect(items).toMatchObject([{ after: { made: ['One', 'Burrow'] } }])
  })
})

test('some hundred eggs come in at once', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  const many = Array.from({ length: 120 }, (_, at) => [`${at}.json`, strToU8(egg(`Egg ${at}`))])

  const archive = base64(zipSync(Object.fromEntries(many)))
  const outcomes = await admin.call(templateDocuments.importArchive, { archive })

  expect(outcomes.filter(({ template }) => template !== null)).toHaveLength(120)
})

describe('an archive is refused', () => {
  const zeros = (megabytes: number) => new Uint8Array(megabytes * 1024 * 1024)
  const tar = tarOf({ 'a.json': strToU8(egg('A')) }, 'posix')
  const wrongSum = tar.with(0, 0x62)
  const many = Array.from({ length: 501 }, (_, at) => [`${at}.json`, strToU8('{}')] as const)

  test.each([
    ['that is none', strToU8('hello'), /neither a zip nor a tar.gz/],
    ['that is empty', new Uint8Array(), /neither a zip nor a tar.gz/],
    ['that is cut off', gzipSync(tar).slice(0, 200), /broken/],
    ['that is cut off in its tar', gzipSync(tar.slice(0, 1100)), /broken/],
    ['that is cut off in a header of its tar', gzipSync(tar.slice(0, 600)), /broken/],
    ['with a wrong checksum', gzipSync(wrongSum), /broken/],
    ['that becomes far more than it is', zipSync({ 'a.json': zeros(30) }), /too large/],
    ['that becomes far more as a tar', gzipSync(zeros(30)), /too large/],
    ['with more files than anybody reads', zipSync(Object.fromEntries(many)), /more than 500/],
    [
      'with one file that is no egg by its size',
      zipSync({ 'a.json': zeros(2), 'noise.json': noise(200_000) }),
      /a\.json is too large/,
    ],
  ])('%s', async (_what, archive, message) => {
    const w = await createWorld()
    const admin = await w.admin()

    const began = performance.now()
    const failure = await admin.fails(templateDocuments.importArchive, { archive: base64(archive) })

    expect(failure).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['archive'], message: expect.stringMatching(message) }],
    })
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('that is larger than any, before it is looked at', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const failure = await admin.fails(templateDocuments.importArchive, {
      archive: base64(zeros(10)),
    })

    expect([failure.status, failure.code]).toEqual([413, 'too_large'])
  })
})

/** What does not shrink. */
function noise(length: number): Uint8Array {
  const hashes = Array.from({ length: length / 32 }, (_, at) =>
    createHash('sha256').update(String(at)).digest(),
  )
  return new Uint8Array(Buffer.concat(hashes))
}
