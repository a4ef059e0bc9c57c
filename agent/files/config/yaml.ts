import { isScalar, type Node } from 'yaml'
import {
  decisionOf,
  type Edit,
  type Edited,
  eachEdit,
  type Plain,
  RefusedEdit,
  UnreadableFile,
  unchanged,
} from './edit.ts'
import { inKindOf } from './kind.ts'
import { type Path, stepsOf, type Target, targetsOf } from './paths.ts'
import { createSplices, type Splice } from './splices.ts'
import { placeNew } from './yaml-new.ts'
import { currentOf, nodeAt, type Open, presentOf, rangeOf, read, shape } from './yaml-open.ts'
import { sameBesides } from './yaml-same.ts'
import { scalarText } from './yaml-scalar.ts'

/**
 * Sets values at paths; what is not there is made. Everything that is not touched keeps its form. After each
 * change the text is read again, for which most files take longest: edits are made together where they can
 * be, and one by one when that did not give what was wanted.
 */
export function editYaml(text: string, edits: readonly Edit[]): Edited {
  const open = read(text)
  return editTogether(open, edits) ?? editOneByOne(open, edits)
}

/** Null: something came out otherwise than it should. */
function editTogether(from: Open, edits: readonly Edit[]): Edited | null {
  let open = from
  let waiting: Change[] = []
  const flush = () => {
    open = withChanges(open, waiting)
    waiting = []
  }
  try {
    const refused = eachEdit(edits, (edit) => {
      const steps = stepsOf(edit.match)
      let targets = targetsOf(shape, open.root, steps)
      // What is made, and what was changed by an edit before, is where only the new text says.
      if (targets.some((target) => !standsAlone(target, waiting))) {
        flush()
        targets = targetsOf(shape, open.root, steps)
      }
      const changes = changesOf(open, edit, targets)
      waiting.push(...changes)
      if (changes.some(({ isNew }) => isNew)) flush()
    })
    flush()
    return { text: open.text, refused }
  } catch (error) {
    if (error instanceof OtherThanWanted) return null
    throw error
  }
}

function editOneByOne(from: Open, edits: readonly Edit[]): Edited {
  let open = from
  const refused = eachEdit(edits, (edit) => {
    try {
      const targets = targetsOf(shape, open.root, stepsOf(edit.match))
      open = withChanges(open, changesOf(open, edit, targets))
    } catch (error) {
      if (!(error instanceof OtherThanWanted)) throw error
      throw new RefusedEdit('it cannot be made without writing the file anew', { cause: error })
    }
  })
  return { text: open.text, refused }
}

interface Change extends Splice {
  readonly path: Path
  readonly value: Plain
  /** Nothing was there. */
  readonly isNew: boolean
}

/** Whether a place is as it was read, whatever the changes are that wait. */
function standsAlone({ path, node }: Target<Node>, waiting: readonly Change[]): boolean {
  if (!isScalar(node)) return waiting.length === 0
  return !waiting.some((change) => isPrefix(change.path, path) || isPrefix(path, change.path))
}

function isPrefix(one: Path, other: Path): boolean {
  return one.every((name, index) => name === other[index])
}

function changesOf(
  { text, document }: Open,
  edit: Edit,
  targets: readonly Target<Node>[],
): Change[] {
  const decide = decisionOf(edit)
  return targets.flatMap((target): Change[] => {
    const { path, node } = target
    const decided = decide(node === null ? null : currentOf(node, document))
    if (decided === unchanged) return []
    const value = inKindOf(decided, presentOf(node))
    if (node === null) return [{ path, value, isNew: true, ...placeNew(text, target, value) }]
    if (isScalar(node) && node.value === value) return []
    const [start, end] = rangeOf(node)
    const style = isScalar(node) ? node.type : undefined
    const old = text.slice(start, end)
    const gap = old === '' && /\S/.test(text.charAt(start - 1)) ? ' ' : ''
    const lastEnd = /\r?\n$/.exec(old)?.[0] ?? ''
    const written = gap + scalarText(value, style) + lastEnd
    return [{ path, value, isNew: false, start, end, text: written }]
  })
}

/** YAML has more corners than a splice can know. */
class OtherThanWanted extends Error {
  override name = 'OtherThanWanted'
}

/** @throws {OtherThanWanted} when the new text does not read as it should */
function withChanges(before: Open, changes: readonly Change[]): Open {
  if (changes.length === 0) return before
  const splices = createSplices(before.text)
  for (const change of changes) splices.put(change)
  const after = readAgain(splices.applied())
  const paths = changes.map(({ path }) => path)
  const isAsWanted = changes.every(({ path, value }) => {
    const node = nodeAt(after.root, path)
    return isScalar(node) && node.value === value
  })
  if (!isAsWanted || !sameBesides(shape, before.root, after.root, paths))
    throw new OtherThanWanted()
  return after
}

function readAgain(text: string): Open {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof UnreadableFile) throw new OtherThanWanted('', { cause: error })
    throw error
  }
}
