import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { openConfigEditor } from '../../agent/files/config/editor.ts'
import { ConfigParser } from '../../contract/protocol/config-files.ts'
import { agentBundle } from '../../local/build/agent-options.ts'
import { temporaryDir } from '../support/temporary-dir.ts'

const before: Readonly<Record<ConfigParser, string>> = {
  file: 'a 1\n',
  properties: 'a=1\n',
  ini: 'a=1\n',
  json: '{"a": 1}',
  yaml: 'a: 1\n',
  xml: '<a>1</a>',
}
const after: typeof before = {
  file: '2\n',
  properties: 'a=2\n',
  ini: 'a=2\n',
  json: '{"a": 2}',
  yaml: 'a: 2\n',
  xml: '<a>2</a>',
}

test('the agent’s one file holds everything that its editing process needs', async () => {
  const program = join(temporaryDir(), 'agent.mjs')
  await build({ ...agentBundle, outfile: program })
  const editor = openConfigEditor({ program, uid: null })
  onTestFinished(editor.close)

  const edited: Partial<Record<ConfigParser, string>> = {}
  for (const parser of ConfigParser.options) {
    const edits = [{ match: 'a', ifValue: null, value: '2' }]
    const { bytes } = await editor.edit(parser, Buffer.from(before[parser]), edits)
    edited[parser] = bytes.toString()
  }

  expect(edited).toEqual(after)
})
