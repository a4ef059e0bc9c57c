import {
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  RefusedEdit,
  textOf,
  unchanged,
} from './edit.ts'
import { createSplices, type Splices } from './splices.ts'
import { attribute, type Content, newElement, placeInside, slashOf } from './xml-new.ts'
import { chosen, type XmlStep, xmlStepsOf } from './xml-path.ts'
import { type Element, escapedAttribute, escapedText, readXml } from './xml-tree.ts'

/**
 * Sets the text of every element that a path leads to, or one of its attributes when the value is written
 * `[name='value']`; elements that are not there are made. Everything else keeps its form.
 */
export function editXml(text: string, edits: readonly Edit[]): Edited {
  let current = text
  let root = readXml(text)
  const refused = eachEdit(edits, (edit) => {
    const changed = withEdit(current, root, xmlStepsOf(edit.match), aimed(edit))
    if (changed === current) return
    current = changed
    root = readXml(current)
  })
  return { text: current, refused }
}

/** An edit, and the attribute that it is about; null: the element's text. */
interface Aimed {
  readonly edit: Edit
  readonly attribute: string | null
}

function aimed(edit: Edit): Aimed {
  const value = textOf(edit.value)
  if (/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(value)) {
    throw new RefusedEdit('its value holds characters that XML cannot')
  }
  const [, name, inner] = /^\[([A-Za-z_][\w:.-]*)='(.*)'\]$/s.exec(value) ?? []
  if (name === undefined || inner === undefined) return { edit, attribute: null }
  return { edit: { ...edit, value: inner }, attribute: name }
}

function withEdit(
  text: string,
  root: Element | null,
  steps: readonly XmlStep[],
  { edit, attribute: name }: Aimed,
): string {
  const splices = createSplices(text)
  const decide = decisionOf(edit)
  const { found, parent, missing } = follow(root, steps)
  for (const element of found) {
    const value = decide(name === null ? element.text.trim() : (element.attributes[name] ?? null))
    if (value !== unchanged) set(splices, text, element, { attribute: name, value: textOf(value) })
  }
  if (found.length > 0 || steps.some((step) => step.name === '*')) return splices.applied()
  const value = decide(null)
  if (value === unchanged) return text
  const made = newElement(missing, { attribute: name, value: textOf(value) })
  if (parent === null) return `${text.trimEnd()}${text.trim() === '' ? '' : '\n'}${made}\n`
  splices.put(placeInside(text, parent, made))
  return splices.applied()
}

/** The elements at the end of the steps; when there are none, how far the first of each step lead. */
function follow(root: Element | null, steps: readonly XmlStep[]) {
  let found: Element[] = root === null ? [] : [root]
  let parent: Element | null = null
  for (const [index, step] of steps.entries()) {
    const next = chosen(index === 0 ? found : found.flatMap(({ children }) => children), step)
    if (next.length === 0) {
      if (index === 0 && root !== null) throw new RefusedEdit(`the top element is ${root.name}`)
      return { found: [], parent, missing: steps.slice(index) }
    }
    parent = next[0] ?? null
    found = next
  }
  return { found, parent, missing: [] }
}

function set(
  splices: Splices,
  text: string,
  element: Element,
  { attribute: name, value }: Content,
) {
  if (name !== null) return setAttribute(splices, text, element, name, value)
  if (element.text.trim() === value) return
  const inner = escapedText(value)
  if (element.isSelfClosing) {
    splices.put({ ...slashOf(text, element), text: `>${inner}</${element.name}>` })
    return
  }
  // Text that stands between children or comments stays; the element's own is what comes first.
  const isMixed = element.children.length > 0 || element.hasOther
  const end = isMixed ? text.indexOf('<', element.openEnd) : element.closeStart
  splices.put({ start: element.openEnd, end, text: inner })
}

function setAttribute(
  splices: Splices,
  text: string,
  element: Element,
  name: string,
  value: string,
): void {
  if (element.attributes[name] === value) return
  const tag = text.slice(element.start, element.openEnd)
  for (const found of tag.matchAll(/([^\s="'<>/]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    if (found[1] !== name) continue
    const quoted = found[2] ?? ''
    const end = element.start + found.index + found[0].length
    const quote = quoted.charAt(0)
    const inQuotes = quote + escapedAttribute(value, quote) + quote
    splices.put({ start: end - quoted.length, end, text: inQuotes })
    return
  }
  const closing = element.isSelfClosing ? 2 : 1
  const at = element.start + tag.slice(0, -closing).trimEnd().length
  splices.put({ start: at, end: at, text: ` ${attribute(name, value)}` })
}
