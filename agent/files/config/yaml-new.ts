import { isMap, isScalar, isSeq, type Node } from 'yaml'
import { type Plain, RefusedEdit } from './edit.ts'
import { lineEnd } from './lines.ts'
import { type Absent, nested, type Path } from './paths.ts'
import type { Splice } from './splices.ts'
import { scalarText } from './yaml-scalar.ts'

/**
 * Where something that is not there yet is written: behind the last entry of the mapping or list that it
 * belongs to, in the form that this one has.
 */
export function placeNew(text: string, { path, missing }: Absent<Node>, value: Plain): Splice {
  const { parent, depth } = missing
  const rest = path.slice(depth)
  const [start, end] = parent.range ?? [text.length, text.length]
  const isCollection = isMap(parent) || isSeq(parent)
  if (isCollection && parent.flow) return inFlow(text, start, end, rest, value)
  if (isCollection) return behindLast(text, parent, rest, value)
  if (depth === 0) return atEnd(text, rest, value)
  // An empty value; what the keys above it hold is not moved for it.
  const gap = start === end ? ' ' : ''
  return { start, end, text: gap + JSON.stringify(nested(rest, value)) }
}

function inFlow(text: string, start: number, end: number, rest: Path, value: Plain): Splice {
  const close = end - 1
  const content = text.slice(start + 1, close)
  const [name, ...below] = rest
  const inner = JSON.stringify(nested(below, value))
  const entry = typeof name === 'number' ? inner : `${JSON.stringify(name)}: ${inner}`
  const used = content.trimEnd().length
  const comma = content.trim() === '' ? '' : ', '
  return { start: start + 1 + used, end: start + 1 + used, text: comma + entry }
}

function behindLast(text: string, parent: Node, rest: Path, value: Plain): Splice {
  const [start, end] = parent.range ?? [text.length, text.length]
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const before = text.slice(lineStart, start)
  const indent = ' '.repeat(before.length)
  const eol = lineEnd(text)
  const block = blockScalarEnd(parent)
  if (block !== null && text.charAt(block - 1) === '\n') {
    const lines = blockOf(rest, value).map((line) => indent + line + eol)
    return { start: block, end: block, text: lines.join('') }
  }
  const contentEnd = text.slice(0, end).trimEnd().length
  const lineStop = endOfLine(text, contentEnd)
  if (!/^[ -]*$/.test(before) || !/^[ \t]*(?:#.*)?$/.test(text.slice(contentEnd, lineStop))) {
    throw new RefusedEdit(`${rest.join('.')} cannot be added without writing the file anew`)
  }
  const lines = blockOf(rest, value).map((line) => eol + indent + line)
  return { start: lineStop, end: lineStop, text: lines.join('') }
}

function atEnd(text: string, rest: Path, value: Plain): Splice {
  const eol = lineEnd(text)
  const apart = text === '' || text.endsWith('\n') ? '' : eol
  const lines = blockOf(rest, value).map((line) => line + eol)
  return { start: text.length, end: text.length, text: apart + lines.join('') }
}

/** Where a text in block form ends that is the last thing in a collection: its empty lines belong to it. */
function blockScalarEnd(node: unknown): number | null {
  if (isMap(node) && !node.flow) return blockScalarEnd(node.items.at(-1)?.value)
  if (isSeq(node) && !node.flow) return blockScalarEnd(node.items.at(-1))
  if (!isScalar(node) || !node.type?.startsWith('BLOCK_')) return null
  return node.range?.[1] ?? null
}

function endOfLine(text: string, from: number): number {
  const next = text.indexOf('\n', from)
  if (next < 0) return text.length
  return text.charAt(next - 1) === '\r' ? next - 1 : next
}

/** A value inside of what has to be made around it, as lines. */
function blockOf([name, ...rest]: Path, value: Plain): string[] {
  if (name === undefined) return [scalarText(value)]
  const [first = '', ...more] = blockOf(rest, value)
  const indented = more.map((line) => `  ${line}`)
  if (typeof name === 'number') return [`- ${first}`, ...indented]
  const key = scalarText(name)
  return rest.length === 0 ? [`${key}: ${first}`] : [`${key}:`, `  ${first}`, ...indented]
}
