import { isUtf8 } from 'node:buffer'
import type { ConfigParser } from '../../../contract/protocol/config-files.ts'
import { type Edit, type Edited, UnreadableFile } from './edit.ts'
import { editIni } from './ini.ts'
import { editJson } from './json.ts'
import { editLines } from './line-file.ts'
import { editProperties } from './properties.ts'
import { editXml } from './xml.ts'
import { editYaml } from './yaml.ts'

const parsers: Readonly<Record<ConfigParser, (text: string, edits: readonly Edit[]) => Edited>> = {
  file: editLines,
  properties: editProperties,
  ini: editIni,
  json: editJson,
  yaml: editYaml,
  xml: editXml,
}

export interface EditedFile {
  readonly bytes: Buffer
  readonly changed: boolean
  readonly refused: Edited['refused']
}

const byteOrderMark = '\ufeff'
/** Parsers of formats that are older than UTF-8, and never said to be it. */
const anyBytes: readonly ConfigParser[] = ['file', 'properties', 'ini']

/**
 * Makes the edits in a file's bytes; a file that is not there is one without any.
 * @throws {UnreadableFile} and nothing of the file is changed
 */
export function editFile(parser: ConfigParser, bytes: Buffer, edits: readonly Edit[]): EditedFile {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  if (encoding === 'latin1' && !anyBytes.includes(parser)) {
    throw new UnreadableFile('it is no UTF-8 text')
  }
  const before = bytes.toString(encoding)
  const mark = before.startsWith(byteOrderMark) ? byteOrderMark : ''
  const { text, refused } = edited(parser, before.slice(mark.length), edits)
  const after = mark + text
  if (encoding === 'latin1' && /[^\0-\xff]/.test(after)) {
    throw new UnreadableFile('it is no UTF-8 text, and a new value has characters beyond Latin-1')
  }
  return { bytes: Buffer.from(after, encoding), changed: after !== before, refused }
}

function edited(parser: ConfigParser, text: string, edits: readonly Edit[]): Edited {
  try {
    return parsers[parser](text, edits)
  } catch (error) {
    // The stack is full: whoever wrote this went deeper than the parser could follow.
    if (error instanceof RangeError) throw new UnreadableFile('it is too deep', { cause: error })
    throw error
  }
}
