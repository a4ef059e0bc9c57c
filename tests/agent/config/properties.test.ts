import * as fc from 'fast-check'
import { parse as parseJson } from 'jsonc-parser'
import { expect, test } from 'vitest'
import { parse as parseYaml, stringify } from 'yaml'
import { UnreadableFile } from '../../../agent/files/config/edit.ts'
import { editFile } from '../../../agent/files/config/edit-file.ts'
import { readXml } from '../../../agent/files/config/xml-tree.ts'
import { ConfigParser } from '../../../contract/protocol/config-files.ts'

const edit = (match: string, value: string | number | boolean | null, ifValue?: string) => ({
  match,
  value,
  ifValue: ifValue ?? null,
})

const parser = fc.constantFrom(...ConfigParser.options)
const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer(), fc.boolean())
/** Texts that look like configuration, and some that do not. */
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'key',
    '=',
    ':',
    ': ',
    '\n',
    '\r\n',
    ' ',
    '  ',
    '"',
    "'",
    '[',
    ']',
    '{',
  ),
  fc.constantFrom('}', ',', '#', ';', '//', '<a>', '</a>', '<b x="1"/>', '<!--', '-->', '- ', '&x'),
  fc.constantFrom('*x', '\\', '|', '>', '1', 'true', 'null', '!', '%', '---\n', '...\n', '\t', '~'),
  fc.string({ maxLength: 3 }),
)
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))
const match = fc.constantFrom('a', 'b', 'key', 'a.b', 'a.*', 'a[0]', '*', 'a.b.c', 'b[1].key')

/** Null: the parser does not read it, which is an answer as well. */
function edited(parser: ConfigParser, before: string, edits: ReturnType<typeof edit>[]) {
  try {
    return editFile(parser, Buffer.from(before), edits)
  } catch (error) {
    if (error instanceof UnreadableFile) return null
    throw error
  }
}

test('[D8] whatever a file holds, it is edited or said to be unreadable, and edited once for all', () => {
  let read = 0
  fc.assert(
    fc.property(parser, text, match, value, (name, before, place, wanted) => {
      const once = edited(name, before, [edit(place, wanted)])
      if (once === null) return
      read += 1
      const twice = edited(name, once.bytes.toString(), [edit(place, wanted)])
      // Whoever reads the file next must be able to: what was written is read again.
      expect(twice?.bytes.toString()).toBe(once.bytes.toString())
    }),
    { numRuns: 4000 },
  )
  expect(read).toBeGreaterThan(1000)
})

test('[D8] an edit whose condition holds nowhere leaves every byte', () => {
  fc.assert(
    fc.property(parser, text, match, value, (name, before, place, wanted) => {
      const after = edited(name, before, [edit(place, wanted, 'never written anywhere')])
      if (after !== null) expect(after.bytes.toString()).toBe(before)
    }),
    { numRuns: 2000 },
  )
})

const name = fc.stringMatching(/^[a-z]{1,6}$/)
/** Texts that are written like numbers or truth values become such, which is another test's. */
const leaf = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/^-?\d/.test(text)),
  fc.constantFrom('no', '12:30', '0x1', '~', '- a', 'a: b', '#', '', ' a', '1e3', '=', '<<', '\n'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  node: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: tie('tree'), weight: 2 },
    { arbitrary: fc.array(tie('node'), { maxLength: 3 }), weight: 1 },
  ),
}))

/** Every path to a single value, in the form that edits have. */
function leaves(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((child, index) => leaves(child, `${path}[${index}]`))
  if (typeof node !== 'object' || node === null) return [path]
  return Object.entries(node).flatMap(([key, child]) =>
    leaves(child, path === '' ? key : `${path}.${key}`),
  )
}

/** The same tree with one value set, by the plain way of going there. */
function withValue(node: unknown, path: string, wanted: unknown): unknown {
  const copy: unknown = structuredClone(node)
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  const last = steps.pop() ?? ''
  const parent = steps.reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), copy)
  Reflect.set(Object(parent), last, wanted)
  return copy
}

const formats = {
  json: {
    write: (node: unknown, indent: number) => JSON.stringify(node, null, indent),
    read: (written: string): unknown => parseJson(written),
  },
  yaml: {
    write: (node: unknown, indent: number) => stringify(node, { indent: Math.max(1, indent) }),
    read: (written: string): unknown => parseYaml(written),
  },
}

test.each(['json', 'yaml'] as const)('[D8] in %s one value changes and no other', (format) => {
  const { write, read } = formats[format]
  fc.assert(
    fc.property(
      tree,
      fc.nat(),
      leaf,
      fc.integer({ min: 0, max: 4 }),
      (node, pick, wanted, indent) => {
        const before = write(node, indent)
        const places = leaves(node)
        const place = places[pick % places.length]
        fc.pre(place !== undefined)

        const { bytes, refused } = editFile(format, Buffer.from(before), [edit(place, wanted)])

        // A value that cannot be written in its place is refused, which leaves all as it was.
        const expected = refused.length > 0 ? node : withValue(node, place, wanted)
        expect(read(bytes.toString())).toEqual(expected)
      },
    ),
    { numRuns: 1500 },
  )
})

test.each(['json', 'yaml'] as const)(
  '[D8] in %s something new is added and nothing else',
  (format) => {
    const { write, read } = formats[format]
    let refusals = 0
    fc.assert(
      fc.property(tree, leaf, fc.integer({ min: 0, max: 4 }), (node, wanted, indent) => {
        const before = write(node, indent)

        const { bytes, refused } = editFile(format, Buffer.from(before), [
          edit('brandnew.inner', wanted),
        ])

        refusals += refused.length
        const expected = refused.length > 0 ? node : { ...node, brandnew: { inner: wanted } }
        expect(read(bytes.toString())).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
    expect(refusals).toBeLessThan(100)
  },
)

const line = fc.oneof(
  fc.constantFrom('', '# a comment', '; a comment', '[section]', '! note', '   '),
  fc
    .tuple(name, fc.constantFrom('=', ' = ', ':'), fc.stringMatching(/^[A-Za-z0-9 .,;#"']{0,12}$/))
    .map((parts) => parts.join('')),
)

test.each(['properties', 'ini', 'file'] as const)(
  '[D8] in a file of lines (%s) all lines but those of the setting stay',
  (format) => {
    const isOurs = (one: string) => /^\s*wanted\s*[=:]/.test(one)
    fc.assert(
      fc.property(
        fc.array(line),
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        (above, below, end) => {
          const before = [...above, 'wanted=old', ...below].join(end) + end
          const section = above.findLast((one) => one.startsWith('['))?.slice(1, -1)
          const place = format === 'ini' && section !== undefined ? `${section}.wanted` : 'wanted'
          const wanted = format === 'file' ? 'wanted=new' : 'new'

          const after = editFile(format, Buffer.from(before), [
            edit(place, wanted),
          ]).bytes.toString()

          expect(after).toBe(
            before
              .split(end)
              .map((one) => (isOurs(one) ? 'wanted=new' : one))
              .join(end),
          )
        },
      ),
      { numRuns: 500 },
    )
  },
)

test('[D8] in xml a text and an attribute become what was asked for, and nothing else changes', () => {
  const shape = '<r>\n  <a k="1">old</a><!-- c -->\n  <b x=\'2\'/>\n</r>\n'
  const wanted = fc.stringMatching(/^[\t\n\r\x20-\x7eäß€]{0,12}$/)
  fc.assert(
    fc.property(wanted, wanted, (inside, attribute) => {
      fc.pre(!inside.startsWith('['))

      const { bytes } = editFile('xml', Buffer.from(shape), [
        edit('r.a', inside),
        edit('r.b', `[x='${attribute}']`),
      ])

      const written = bytes.toString()
      const [a, b] = readXml(written)?.children ?? []
      expect([a?.text, a?.attributes.k, b?.attributes.x]).toEqual([inside, '1', attribute])
      expect(written.slice(written.lastIndexOf('<!--'))).toMatch(/^<!-- c -->\n {2}<b x='/)
    }),
  )
})

test.each(['json', 'yaml'] as const)(
  '[D8] in %s edits come to the same together and apart',
  (format) => {
    const { write } = formats[format]
    const change = fc.tuple(fc.nat(), leaf, fc.boolean())
    fc.assert(
      fc.property(tree, fc.array(change, { maxLength: 6 }), (node, changes) => {
        const places = leaves(node)
        const edits = changes.map(([pick, wanted, isNew]) => {
          const place = places[pick % places.length] ?? 'none'
          return edit(isNew ? `new${pick % 3}.inner` : place, wanted)
        })
        const before = Buffer.from(write(node, 2))

        const together = editFile(format, before, edits).bytes
        const apart = edits.reduce<Buffer>(
          (bytes, one) => editFile(format, bytes, [one]).bytes,
          before,
        )

        expect(together.toString()).toBe(apart.toString())
      }),
      { numRuns: 800 },
    )
  },
)

test('[D8] a key of yaml that is a number is found by how it is written', () => {
  const before = 'ports:\n  25565: old # here\n  0x10: b\n'

  const { bytes, refused } = editFile('yaml', Buffer.from(before), [edit('ports.25565', 'new')])

  expect([bytes.toString(), refused]).toEqual(['ports:\n  25565: new # here\n  0x10: b\n', []])
})
