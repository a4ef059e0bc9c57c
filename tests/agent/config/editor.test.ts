import { resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UnreadableFile } from '../../../agent/files/config/edit.ts'
import { openConfigEditor } from '../../../agent/files/config/editor.ts'

const megabyte = 1024 * 1024
const isRoot = process.geteuid?.() === 0

function anEditor(patience?: number) {
  const editor = openConfigEditor({
    program: resolve('agent/main.ts'),
    uid: isRoot ? 2_000_000_777 : null,
    ...(patience === undefined ? {} : { patience }),
  })
  onTestFinished(editor.close)
  return editor
}

const edits = [{ match: 'a', ifValue: null, value: 'b' }]

/** Text over and over, just short of what may be read. */
function full(text: string): string {
  return text.repeat(Math.floor((megabyte - 16) / text.length))
}

test('[D8] one process edits the files of a start, one after the other', async () => {
  const editor = anEditor()

  const first = await editor.edit('properties', Buffer.from('a=1\n'), edits)
  const second = await editor.edit('yaml', Buffer.from('a: b\n'), edits)

  expect([first.bytes.toString(), first.changed]).toEqual(['a=b\n', true])
  expect([second.bytes.toString(), second.changed]).toEqual(['a: b\n', false])
})

/** Nine aliases in nine lists, eight times inside of each other: 43 million values when they are followed. */
const laughs = Array.from({ length: 8 }, (_, level) => {
  const inner = level === 0 ? 'ha' : `*l${level - 1}`
  return `l${level}: &l${level} [${Array(9).fill(inner).join(', ')}]`
}).join('\n')

test('[D8] aliases in a YAML file are not followed, so they grow into nothing', async () => {
  const { bytes } = await anEditor().edit('yaml', Buffer.from(laughs), edits)

  expect(bytes.toString()).toBe(`${laughs}\na: b`)
})

test('[D8] an XML file that brings entities of its own is not read', async () => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'

  const edited = anEditor().edit('xml', Buffer.from(bomb), edits)

  await expect(edited).rejects.toThrow('it brings a document type of its own')
})

test.each([
  ['json', '['],
  ['yaml', '['],
  ['yaml', '- '],
  ['xml', '<a>'],
] as const)('[D8] %s made of nothing but "%s" is refused in bounded time', async (parser, text) => {
  const began = performance.now()

  const edited = anEditor(5_000).edit(parser, Buffer.from(full(text)), edits)

  await expect(edited).rejects.toThrow(UnreadableFile)
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('[D8] a file that takes too long, or too much memory, costs the process and not the next file', async () => {
  const editor = anEditor(1)
  const slow = editor.edit('yaml', Buffer.from(full('- a\n')), edits)
  await expect(slow).rejects.toThrow('reading it takes longer than 0.001 s')

  const patient = anEditor(20_000)
  const greedy = patient.edit('yaml', Buffer.from(`[${full('1,')}]`), edits)
  await expect(greedy).rejects.toThrow('reading it takes too much memory')

  const { bytes } = await patient.edit('file', Buffer.from('a 1\n'), edits)
  expect(bytes.toString()).toBe('b\n')
})

test('[D8] a program that cannot be run is a fault of the node, and not of the file', async () => {
  const editor = openConfigEditor({ program: '/nowhere/agent.mjs', uid: null })
  onTestFinished(editor.close)

  const edited = editor.edit('file', Buffer.from('a'), edits)

  await expect(edited).rejects.toThrow('the process that edits files ended (1)')
})
