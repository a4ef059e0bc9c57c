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
import {
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  type Plain,
  RefusedEdit,
  textOf,
  UnreadableFile,
  unchanged,
} from './edit.ts'
import { inKindOf } from './kind.ts'
import { deepest, type Path, stepsOf, type TreeShape, targetsOf } from './paths.ts'
import { createSplices, type Splice } from './splices.ts'
import { placeNew } from './yaml-new.ts'
import { sameBesides } from './yaml-same.ts'
import { scalarText } from './yaml-scalar.ts'

/** Sets values at paths; what is not there is made. Everything that is not touched keeps its form. */
export function editYaml(text: string, edits: readonly Edit[]): Edited {
  let open = read(text)
  const refused = eachEdit(edits, (edit) => {
    const changes = changesOf(open, edit)
    if (changes.length === 0) return
    const splices = createSplices(open.text)
    for (const change of changes) splices.put(change)
    open = reread(open, splices.applied(), changes)
  })
  return { text: open.text, refused }
}

interface Open {
  readonly text: string
  readonly document: Document
  readonly root: Node
}

interface Change extends Splice {
  readonly path: Path
  readonly value: Plain
}

function changesOf({ text, document, root }: Open, edit: Edit): Change[] {
  const decide = decisionOf(edit)
  return targetsOf(shape, root, stepsOf(edit.match)).flatMap((target): Change[] => {
    const { path, node } = target
    const decided = decide(node === null ? null : currentOf(node, document))
    if (decided === unchanged) return []
    const value = inKindOf(decided, presentOf(node))
    if (node === null) return [{ path, value, ...placeNew(text, target, value) }]
    if (isScalar(node) && node.value === value) return []
    const [start, end] = rangeOf(node)
    const style = isScalar(node) ? node.type : undefined
    const old = text.slice(start, end)
    const gap = old === '' && /\S/.test(text.charAt(start - 1)) ? ' ' : ''
    const lastEnd = /\r?\n$/.exec(old)?.[0] ?? ''
    return [{ path, value, start, end, text: gap + scalarText(value, style) + lastEnd }]
  })
}

/** The new text, when it reads as it should; YAML has more corners than a splice can know. */
function reread(before: Open, text: string, changes: readonly Change[]): Open {
  const open = readAgain(text)
  for (const { path, value } of changes) {
    const node = open?.document.getIn(path, true)
    if (!isScalar(node) || node.value !== value) {
      throw new RefusedEdit(`${path.join('.')} cannot be set without writing the file anew`)
    }
  }
  const paths = changes.map(({ path }) => path)
  if (open === null || !sameBesides(shape, before.root, open.root, paths)) {
    throw new RefusedEdit('it cannot be made without writing the file anew')
  }
  return open
}

function readAgain(text: string): Open | null {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof UnreadableFile) return null
    throw error
  }
}

/** An alias is never followed: what it stands for would be changed everywhere, or grow without bound. */
const shape: TreeShape<Node> = {
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
function currentOf(node: Node, document: Document): string | null {
  const scalar = isAlias(node) ? node.resolve(document) : node
  if (!isScalar<Plain>(scalar)) return null
  return scalar.source ?? textOf(scalar.value)
}

/** What stands at a place; null: no single value. Games read the older YAML, in which `yes` is true. */
function presentOf(node: Node | null): Plain {
  if (!isScalar<Plain>(node)) return null
  const isTruth = node.type === 'PLAIN' && /^(?:yes|no|on|off)$/i.test(node.source ?? '')
  return isTruth ? true : node.value
}

function rangeOf(node: Node): readonly [number, number] {
  if (!node.range) throw new RefusedEdit('it leads to something that has no place in the file')
  return [node.range[0], node.range[1]]
}

function read(text: string): Open {
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
