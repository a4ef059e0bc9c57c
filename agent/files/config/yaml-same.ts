import { isAlias, isScalar, type Node } from 'yaml'
import type { Path, TreeShape } from './paths.ts'

/**
 * Whether two documents hold the same values at every place but those at some paths. A text that was put
 * between others may have become part of them, and YAML has more ways for that than anybody remembers.
 */
export function sameBesides(
  shape: TreeShape<Node>,
  before: Node,
  after: Node,
  paths: readonly Path[],
): boolean {
  const passedOver = new Set(
    paths.flatMap((path) => path.map((_, index) => keyOf(path.slice(0, index + 1)))),
  )
  // The top itself, when it held nothing.
  passedOver.add(keyOf([]))
  const one = leavesOf(shape, before, passedOver)
  const other = leavesOf(shape, after, passedOver)
  return one.length === other.length && one.every((leaf, index) => leaf === other[index])
}

function leavesOf(shape: TreeShape<Node>, root: Node, passedOver: ReadonlySet<string>): string[] {
  const leaves: string[] = []
  const follow = (node: Node, path: Path): void => {
    const children = shape.childrenOf(node)
    for (const [key, child] of children) follow(child, [...path, key])
    const place = keyOf(path)
    if (children.length === 0 && !passedOver.has(place)) leaves.push(place + wordsOf(shape, node))
  }
  follow(root, [])
  return leaves
}

function wordsOf(shape: TreeShape<Node>, node: Node): string {
  if (isScalar(node)) return `${typeof node.value} ${String(node.value)}`
  return isAlias(node) ? `*${node.source}` : shape.kindOf(node)
}

/** Names need a sign between them that no name holds on its own. */
function keyOf(path: Path): string {
  return JSON.stringify(path)
}
