import { RefusedEdit } from './edit.ts'
import { lineEnd } from './lines.ts'
import type { Splice } from './splices.ts'
import type { XmlStep } from './xml-path.ts'
import { type Element, escapedAttribute, escapedText } from './xml-tree.ts'

/** What an element is to hold: a text, or one attribute. */
export interface Content {
  readonly attribute: string | null
  readonly value: string
}

/** Elements inside of each other, the innermost with the content; as attributes the steps ask for them. */
export function newElement(steps: readonly XmlStep[], content: Content): string {
  const [step, ...rest] = steps
  if (step === undefined) return content.attribute === null ? escapedText(content.value) : ''
  const isLast = rest.length === 0
  const own =
    isLast && content.attribute !== null ? [attribute(content.attribute, content.value)] : []
  const tag = [step.name, ...step.conditions.map(asAttribute), ...own].join(' ')
  const inner = newElement(rest, content)
  return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${step.name}>`
}

function asAttribute(condition: XmlStep['conditions'][number]): string {
  if (condition.kind !== 'attribute' || condition.value === null) {
    throw new RefusedEdit('there is no such element, and its conditions do not say how to make it')
  }
  return attribute(condition.name, condition.value)
}

export function attribute(name: string, value: string): string {
  return `${name}="${escapedAttribute(value, '"')}"`
}

/** Where a new child of an element is written: on a line of its own where the others stand on theirs. */
export function placeInside(text: string, parent: Element, child: string): Splice {
  const eol = lineEnd(text)
  const last = parent.children.at(-1)
  if (last !== undefined) {
    const indent = indentBefore(text, last.start)
    const apart = indent === null ? '' : eol + indent
    return { start: last.end, end: last.end, text: apart + child }
  }
  const indent = indentBefore(text, parent.start)
  const onOwnLine = indent !== null && parent.text.trim() === '' && !parent.hasOther
  const inner = onOwnLine ? `${eol}${indent}  ${child}${eol}${indent}` : child
  if (!parent.isSelfClosing) {
    const start = onOwnLine ? parent.openEnd : parent.closeStart
    return { start, end: parent.closeStart, text: inner }
  }
  return { ...slashOf(text, parent), text: `>${inner}</${parent.name}>` }
}

/** The `/>` of an element that closes itself, with the blanks before it. */
export function slashOf(text: string, { start, openEnd }: Element): Omit<Splice, 'text'> {
  const tag = text.slice(start, openEnd - 2)
  return { start: start + tag.trimEnd().length, end: openEnd }
}

/** The blanks that a line begins with up to here; null when something else stands there. */
function indentBefore(text: string, at: number): string | null {
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return indent.trim() === '' ? indent : null
}
