import { SaxesParser } from 'saxes'
import { UnreadableFile } from './edit.ts'
import { deepest } from './paths.ts'

/** An element, with the offsets of its parts. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  /** Of `<name`. */
  readonly start: number
  /** Behind the opening tag's `>`. */
  readonly openEnd: number
  readonly isSelfClosing: boolean
  /** Of `</name`, and behind its `>`; of one that closes itself both are `openEnd`. */
  closeStart: number
  end: number
  /** Its own text, without what stands in its children. */
  text: string
  /** Something besides text and children is in it: a comment, an instruction. */
  hasOther: boolean
}

/**
 * Reads a text into elements; null when it holds none. Only the five entities that XML itself knows are
 * understood, and a document that brings its own is refused.
 * @throws {UnreadableFile}
 */
export function readXml(text: string): Element | null {
  if (/^\s*(?:<\?xml[^<>]*\?>\s*)?$/.test(text)) return null
  const open: Element[] = []
  let root: Element | null = null
  const parser = new SaxesParser()
  const mark = () => {
    const top = open.at(-1)
    if (top !== undefined) top.hasOther = true
  }
  const say = (more: string) => {
    const top = open.at(-1)
    if (top !== undefined) top.text += more
  }
  parser.on('error', (error) => {
    throw new UnreadableFile(`it is no XML: ${error.message}`)
  })
  parser.on('doctype', () => {
    throw new UnreadableFile('it brings a document type of its own')
  })
  parser.on('comment', mark)
  parser.on('processinginstruction', mark)
  parser.on('text', say)
  parser.on('cdata', say)
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    if (open.length >= deepest) throw new UnreadableFile(`it is deeper than ${deepest} levels`)
    const openEnd = parser.position
    const element: Element = {
      name,
      attributes,
      children: [],
      start: text.lastIndexOf('<', openEnd - 1),
      openEnd,
      isSelfClosing,
      closeStart: openEnd,
      end: openEnd,
      text: '',
      hasOther: false,
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', ({ isSelfClosing }) => {
    const element = open.pop()
    if (element === undefined || isSelfClosing) return
    element.end = parser.position
    element.closeStart = text.lastIndexOf('<', element.end - 1)
  })
  parser.write(text).close()
  return root
}

export function escapedText(value: string): string {
  // A bare carriage return is read as a line feed.
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

export function escapedAttribute(value: string, quote: string): string {
  const inQuotes = escapedText(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
  return inQuotes.replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
}
