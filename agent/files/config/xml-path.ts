import { RefusedEdit } from './edit.ts'
import { deepest } from './paths.ts'
import type { Element } from './xml-tree.ts'

/** What has to be so of an element besides its name. */
export type Condition =
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'child'; readonly name: string; readonly value: string | null }
  /** From 1, among those of the name. */
  | { readonly kind: 'position'; readonly position: number }

export interface XmlStep {
  /** `*` is any name. */
  readonly name: string
  readonly conditions: readonly Condition[]
}

/** `a.b[@name='x'].c` or the same with slashes; signs in brackets do not separate. */
export function xmlStepsOf(match: string): XmlStep[] {
  const parts = match.match(/(?:\[[^\]]*\]|[^./[\]])+/g) ?? []
  if (parts.length === 0) throw new RefusedEdit('it names no element')
  if (parts.length > deepest) throw new RefusedEdit(`its path is longer than ${deepest} steps`)
  return parts.map(stepOf)
}

function stepOf(part: string): XmlStep {
  const name = /^[^[]*/.exec(part)?.[0] ?? ''
  if (name !== '*' && !/^[A-Za-z_][\w:-]*$/.test(name)) {
    throw new RefusedEdit(`${JSON.stringify(part)} names no element`)
  }
  const brackets = part.slice(name.length).match(/\[[^\]]*\]/g) ?? []
  return { name, conditions: brackets.map((bracket) => conditionOf(bracket.slice(1, -1))) }
}

function conditionOf(text: string): Condition {
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'position', position: Number(text) }
  const parts = /^(@?)([A-Za-z_][\w:.-]*)(?:=(?:'([^']*)'|"([^"]*)"))?$/.exec(text)
  const [, sign, name, single, double] = parts ?? []
  if (name === undefined) throw new RefusedEdit(`[${text}] is not understood`)
  return { kind: sign === '@' ? 'attribute' : 'child', name, value: single ?? double ?? null }
}

/** Those of some elements that a step means. */
export function chosen(elements: readonly Element[], { name, conditions }: XmlStep): Element[] {
  const named = elements.filter((element) => name === '*' || element.name === name)
  return conditions.reduce<Element[]>((left, condition) => meeting(left, condition), named)
}

function meeting(elements: readonly Element[], condition: Condition): Element[] {
  if (condition.kind === 'position') {
    return elements.slice(condition.position - 1, condition.position)
  }
  return elements.filter((element) => {
    const values =
      condition.kind === 'attribute'
        ? [element.attributes[condition.name]]
        : element.children.filter(({ name }) => name === condition.name).map(({ text }) => text)
    return values.some((value) =>
      condition.value === null ? value !== undefined : value === condition.value,
    )
  })
}
