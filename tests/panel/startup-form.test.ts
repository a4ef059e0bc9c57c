import { expect, test } from 'vitest'
import type { StartupVariable } from '../../contract/api/startup.ts'
import { TemplateVariable } from '../../contract/api/template-fields.ts'
import { categoriesOf, groupsOf } from '../../web/src/pages/admin/templates/categories.ts'
import { changesOf, problemsOf, valuesOf } from '../../web/src/pages/server/startup/startup-form.ts'
import { choicesOf } from '../../web/src/ui/variable-field.tsx'

function variable(name: string, change: Partial<StartupVariable>): StartupVariable {
  return { ...TemplateVariable.parse({ name }), value: '', isSet: false, editable: true, ...change }
}

const shown = {
  variables: [
    variable('DEPTH', { value: '12', rules: ['integer', 'max:400'] }),
    variable('OLD', { value: 'breaks its rule', rules: ['integer'] }),
    variable('SECRET', { value: null, isSet: true, rules: ['min:4'] }),
    variable('FIXED', { value: 'a', editable: false }),
  ],
}

test('a form begins with what is there, and sends only what has changed', () => {
  const values = valuesOf(shown)

  expect(values).toEqual({ DEPTH: '12', OLD: 'breaks its rule', SECRET: '', FIXED: 'a' })
  expect(changesOf(shown, values)).toEqual({})
  expect(changesOf(shown, { ...values, DEPTH: '13', SECRET: 'sesame', FIXED: 'b' })).toEqual({
    DEPTH: '13',
    SECRET: 'sesame',
  })
  expect(changesOf(shown, { ...values, DEPTH: '' })).toEqual({ DEPTH: '' })
})

test('what has not changed is not held against rules that came later', () => {
  const values = valuesOf(shown)

  expect(problemsOf(shown, values)).toEqual({})
  expect(problemsOf(shown, { ...values, DEPTH: '401', SECRET: 'abc', FIXED: 'b' })).toEqual({
    'environment.DEPTH': 'It has to be at most 400.',
    'environment.SECRET': 'It has to be at least 4 characters.',
  })
})

test.each([
  [['in:a,b'], 'a', ['a', 'b']],
  [['required', 'in:"a,b",c'], 'c', ['a,b', 'c']],
  [['in:a,b'], 'gone', ['gone', 'a', 'b']],
  [[], 'x', ['x']],
])('with the rules %j a field that holds %j offers %j', (rules, value, choices) => {
  expect(choicesOf({ rules }, value)).toEqual(choices)
})

test('templates stand under their categories, those without one first', () => {
  const templates = [
    { id: 'a', name: 'A', category: 'Digging' },
    { id: 'b', name: 'B', category: '' },
    { id: 'c', name: 'C', category: 'Birds' },
  ] as never[] // ids are plain texts here

  expect(categoriesOf(templates)).toEqual(['Birds', 'Digging'])
  expect(groupsOf(templates)).toEqual([
    { value: 'b', label: 'B' },
    { group: 'Birds', items: [{ value: 'c', label: 'C' }] },
    { group: 'Digging', items: [{ value: 'a', label: 'A' }] },
  ])
})
