import { type Node, type ParseError, parseTree, printParseErrorCode, visit } from 'jsonc-parser'
import {
  type Decision,
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  type Plain,
  textOf,
  UnreadableFile,
  unchanged,
} from './edit.ts'
import { placeNew } from './json-new.ts'
import { inKindOf } from './kind.ts'
import { deepest, stepsOf, type Target, type TreeShape, targetsOf } from './paths.ts'
import { createSplices, type Splices } from './splices.ts'

/** A text that was read, and the changes that it waits for. */
interface Open {
  readonly text: string
  readonly root: Node
  readonly splices: Splices
  /** Values that were changed since it was read. */
  readonly now: Map<Node, Plain>
}

/** Sets values at paths; what is not there is made. Comments, order and indentation stay. */
export function editJson(text: string, edits: readonly Edit[]): Edited {
  let open = read(text.trim() === '' ? '{}\n' : text)
  let changed = false
  const refused = eachEdit(edits, (edit) => {
    const decide = decisionOf(edit)
    const targets = targetsOf(shape, open.root, stepsOf(edit.match))
    for (const target of targets) changed = change(open, decide, target) || changed
    // What was made has to be found by the edits after this one.
    if (targets.some(({ node }) => node === null)) open = read(open.splices.applied())
  })
  return { text: changed ? open.splices.applied() : text, refused }
}

/** @returns whether anything is different now */
function change(open: Open, decide: Decision, target: Target<Node>): boolean {
  const { node } = target
  const current = node === null ? null : currentOf(node, open.now)
  const decided = decide(current)
  if (decided === unchanged) return false
  const value = inKindOf(
    decided,
    node === null || current === null ? null : plainOf(node, open.now),
  )
  if (node !== null) return setValue(open, node, value)
  open.splices.put(placeNew(open.text, target, value))
  return true
}

const shape: TreeShape<Node> = {
  kindOf: ({ type }) => {
    if (type === 'object') return 'mapping'
    if (type === 'array') return 'list'
    return type === 'null' ? 'nothing' : 'value'
  },
  childrenOf: ({ type, children = [] }) => {
    if (type === 'array') return children.map((child, index) => [index, child] as const)
    return children.flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [[String(key.value), value] as const],
    )
  },
}

/** The value as a text; null: it is no single value. */
function currentOf(node: Node, now: Open['now']): string | null {
  const kind = shape.kindOf(node)
  return kind === 'mapping' || kind === 'list' ? null : textOf(plainOf(node, now))
}

function plainOf(node: Node, now: Open['now']): Plain {
  const changed = now.get(node)
  return changed === undefined ? node.value : changed
}

/** @returns whether it was another value before */
function setValue({ splices, now }: Open, node: Node, value: Plain): boolean {
  if (currentOf(node, now) !== null && plainOf(node, now) === value) return false
  now.set(node, value)
  splices.put({
    start: node.offset,
    end: node.offset + node.length,
    text: JSON.stringify(value),
  })
  return true
}

function read(text: string): Open {
  requireShallow(text)
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (root === undefined || first !== undefined) {
    const line = text.slice(0, first?.offset).split('\n').length
    const reason = first === undefined ? 'it is empty' : printParseErrorCode(first.error)
    throw new UnreadableFile(`it is no JSON: ${reason} in line ${line}`)
  }
  return { text, root, splices: createSplices(text), now: new Map() }
}

/** Looked at before its tree is built, which takes a call inside of a call for each level. */
function requireShallow(text: string): void {
  let depth = 0
  const enter = () => {
    depth += 1
    if (depth > deepest) throw new UnreadableFile(`it is deeper than ${deepest} levels`)
  }
  const leave = () => {
    depth -= 1
  }
  visit(text, {
    onObjectBegin: enter,
    onObjectEnd: leave,
    onArrayBegin: enter,
    onArrayEnd: leave,
  })
}
