import { RefusedEdit } from './edit.ts'

/** One step of a path into a tree of values. */
export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  /** Every child. */
  | { readonly kind: 'any' }

/** Where a value is: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[]

/** Longest path, and deepest tree that is read. */
export const deepest = 64

/** `a.b[0].*.c`; a dot in a key is `~1` and a tilde `~0`. */
export function stepsOf(match: string): Step[] {
  const steps = match.split('.').flatMap((part): Step[] => {
    if (part === '*') return [{ kind: 'any' }]
    const indexes = /(?:\[\d{1,9}\])+$/.exec(part)?.[0] ?? ''
    const key = part.slice(0, part.length - indexes.length).replaceAll('~1', '.')
    const numbers = Array.from(indexes.matchAll(/\d+/g), ([number]) => Number(number))
    return [
      ...(key === '' && indexes !== '' ? [] : [keyStep(key.replaceAll('~0', '~'))]),
      ...numbers.map((index): Step => ({ kind: 'index', index })),
    ]
  })
  if (steps.length > deepest) throw new RefusedEdit(`its path is longer than ${deepest} steps`)
  return steps
}

function keyStep(key: string): Step {
  return { kind: 'key', key }
}

/** What a parser knows about the trees that it reads. */
export interface TreeShape<Node> {
  kindOf(node: Node): 'mapping' | 'list' | 'value' | 'nothing'
  /** Keys or indexes, each with its child. Of a key that stands there twice the last one counts. */
  childrenOf(node: Node): readonly (readonly [string | number, Node])[]
}

/** A place that a path leads to. */
export type Target<Node> = { readonly path: Path; readonly node: Node } | Absent<Node>

/** A place that would have to be made: in `parent`, which the first `depth` steps of the path lead to. */
export interface Absent<Node> {
  readonly path: Path
  readonly node: null
  readonly missing: { readonly parent: Node; readonly depth: number }
}

/** So many places may one edit lead to. */
const mostTargets = 10_000

/**
 * Every place that the steps lead to.
 * @throws {RefusedEdit} when something on the way is neither mapping nor list, or an index is too high
 */
export function targetsOf<Node>(
  shape: TreeShape<Node>,
  root: Node,
  steps: readonly Step[],
): Target<Node>[] {
  const targets: Target<Node>[] = []
  const isWild = steps.some(({ kind }) => kind === 'any')

  const follow = (node: Node, depth: number, path: Path): void => {
    if (targets.length > mostTargets) throw new RefusedEdit('it leads to too many places')
    const step = steps[depth]
    if (step === undefined) {
      targets.push({ path, node })
      return
    }
    const children = childrenFor(shape, node)
    if (step.kind === 'any') {
      for (const [key, child] of children) follow(child, depth + 1, [...path, key])
      return
    }
    const found = children.findLast(([key]) => isAt(step, key))
    if (found !== undefined) {
      follow(found[1], depth + 1, [...path, found[0]])
      return
    }
    const rest = pathOf(steps.slice(depth))
    // Nothing is made of a star, and what a star found may be of any shape.
    if (rest === null) return
    const reason = cannotHold(shape.kindOf(node), step, children.length, path) ?? cannotBegin(rest)
    if (reason === null) {
      targets.push({
        path: [...path, ...rest],
        node: null,
        missing: { parent: node, depth: path.length },
      })
    } else if (!isWild) throw new RefusedEdit(reason)
  }

  follow(root, 0, [])
  return targets
}

function childrenFor<Node>(shape: TreeShape<Node>, node: Node) {
  const kind = shape.kindOf(node)
  return kind === 'mapping' || kind === 'list' ? shape.childrenOf(node) : []
}

/** A number is a key of a mapping, and an index of a list, however it is written. */
function isAt(step: Exclude<Step, { kind: 'any' }>, key: string | number): boolean {
  return String(step.kind === 'key' ? step.key : step.index) === String(key)
}

function pathOf(steps: readonly Step[]): Path | null {
  const path = steps.map((step) => {
    if (step.kind === 'any') return null
    return step.kind === 'key' ? step.key : step.index
  })
  return path.includes(null) ? null : path.filter((name) => name !== null)
}

/** Why a node cannot be given what the step names; null: it can. */
function cannotHold(
  kind: ReturnType<TreeShape<unknown>['kindOf']>,
  step: Step,
  length: number,
  path: Path,
): string | null {
  const place = path.length === 0 ? 'the top' : path.join('.')
  if (kind === 'value') return `${place} is a single value`
  const isIndex = step.kind === 'index'
  if (kind === 'mapping') return isIndex ? `${place} is no list` : null
  if (kind === 'list' && !isIndex) return `${place} is a list`
  const free = kind === 'list' ? length : 0
  if (isIndex && step.index !== free) return `${place} has no entry ${step.index}`
  return null
}

/** Why what is to be made cannot be: a list begins with its first entry. */
function cannotBegin([, ...below]: Path): string | null {
  const index = below.find((name) => typeof name === 'number' && name > 0)
  return index === undefined ? null : `a new list has no entry ${index}`
}

/** A value inside of all that has to be made around it. */
export function nested(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, name) => (typeof name === 'number' ? [inner] : { [name]: inner }),
    value,
  )
}
