import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
} from 'yaml'
import { type Plain, RefusedEdit, textOf, UnreadableFile } from './edit.ts'
import { deepest, type Path, type TreeShape } from './paths.ts'

/** A text that was read. */
export interface Open {
  readonly text: string
  readonly document: Document
  readonly root: Node
}

/** An alias is never followed: what it stands for would be changed everywhere, or grow without bound. */
export const shape: TreeShape<Node> = {
  kindOf: (node) => {
    if (isMap(node)) return 'mapping'
    if (isSeq(node)) return 'list'
    return isScalar(node) && node.value === null ? 'nothing' : 'value'
  },
  childrenOf: (node) => {
    if (isMap<Node, Node | null>(node)) {
      return node.items.flatMap(({ key, value }) =>
        isScalar(key) && value ? [[key.source ?? String(key.value), value] as const] : [],
      )
    }
    if (!isSeq<Node>(node)) return []
    return node.items.map((item, index) => [index, item] as const)
  },
}

/** The value as a text; null: it is no single value. */
export function currentOf(node: Node, document: Document): string | null {
  const scalar = isAlias(node) ? node.resolve(document) : node
  if (!isScalar<Plain>(scalar)) return null
  return scalar.source ?? textOf(scalar.value)
}

/** What stands at a place; null: no single value. Games read the older YAML, in which `yes` is true. */
export function presentOf(node: Node | null): Plain {
  if (!isScalar<Plain>(node)) return null
  const isTruth = node.type === 'PLAIN' && /^(?:yes|no|on|off)$/i.test(node.source ?? '')
  return isTruth ? true : node.value
}

export function rangeOf(node: Node): readonly [number, number] {
  if (!node.range) throw new RefusedEdit('it leads to something that has no place in the file')
  return [node.range[0], node.range[1]]
}

/** @throws {UnreadableFile} */
export function read(text: string): Open {
  const document = parseDocument<Node>(text, { uniqueKeys: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    throw new UnreadableFile(`it is no YAML: ${error.message.split('\n')[0]}`)
  }
  const root = document.contents ?? nothingAt(text.length)
  requireShallow(root, 0)
  return { text, document, root }
}

/** A document without contents, as a null at its end. */
function nothingAt(offset: number): Node {
  const nothing = new Scalar(null)
  nothing.range = [offset, offset, offset]
  return nothing
}

function requireShallow(node: Node, depth: number): void {
  if (depth > deepest) throw new UnreadableFile(`it is deeper than ${deepest} levels`)
  for (const [, child] of shape.childrenOf(node)) requireShallow(child, depth + 1)
}

/** What a path leads to; null: nothing is there. */
export function nodeAt(root: Node, path: Path): Node | null {
  let node: Node | undefined = root
  for (const name of path) {
    if (node === undefined) return null
    node = shape.childrenOf(node).findLast(([key]) => key === name)?.[1]
  }
  return node ?? null
}
