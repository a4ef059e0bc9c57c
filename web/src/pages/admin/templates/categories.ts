import type { Template } from '../../../../../contract/api/templates.ts'

/** The categories that there are, in the order of the alphabet; none of them is empty. */
export function categoriesOf(templates: readonly Pick<Template, 'category'>[]): string[] {
  const names = new Set(templates.map(({ category }) => category))
  return [...names].filter((name) => name !== '').sort((one, other) => one.localeCompare(other))
}

interface Choice {
  readonly value: string
  readonly label: string
}

/** Templates as choices of a list: those without a category first, the others under theirs. */
export function groupsOf(
  templates: readonly Pick<Template, 'id' | 'name' | 'category'>[],
): (Choice | { readonly group: string; readonly items: Choice[] })[] {
  const choicesIn = (category: string) =>
    templates
      .filter((template) => template.category === category)
      .map(({ id, name }) => ({ value: id, label: name }))
  return [
    ...choicesIn(''),
    ...categoriesOf(templates).map((group) => ({ group, items: choicesIn(group) })),
  ]
}
