import { expect, test } from 'vitest'
import {
  checkTemplate,
  emptyTemplate,
  emptyVariable,
  valuesOf,
} from '../../web/src/pages/admin/templates/template-form-values.ts'

const filled = () => ({ ...emptyTemplate(), name: 'OpenTTD', image: 'catalyst/openttd:13' })

test('a form with a name and an image makes a template, the rest as the API would fill it in', () => {
  const checked = checkTemplate({ ...filled(), ports: '3979, 3980' })

  expect(checked).toMatchObject({
    ok: true,
    body: { name: 'OpenTTD', supportedPorts: [3979, 3980], stopGraceSeconds: 30, variables: [] },
  })
})

test('what is wrong stands at its field, and at the JSON for what has no field', () => {
  const { problems: empty } = refused(emptyTemplate())
  const { problems: rest } = refused({ ...filled(), rest: '{"stopGraceSeconds": 0}' })
  const { problems: ports } = refused({ ...filled(), ports: '3979, http' })

  expect(Object.keys(empty)).toEqual(expect.arrayContaining(['name', 'image']))
  expect(rest.rest).toMatch(/^stopGraceSeconds: /)
  expect(Object.keys(ports)).toEqual(['ports'])
})

test.each(['', '[]', 'null', '{', '"text"'])('the rest has to be a JSON object: %s', (rest) => {
  expect(refused({ ...filled(), rest }).problems.rest).toBe('This is not a JSON object.')
})

test('a field that the form shows cannot be set a second time in the JSON', () => {
  expect(checkTemplate({ ...filled(), rest: '{"name": "Other"}' })).toMatchObject({
    ok: true,
    body: { name: 'OpenTTD' },
  })
})

test('what is wrong beside a broken JSON is told together with it', () => {
  const { problems } = refused({ ...filled(), ports: 'http', rest: '{' })

  expect(Object.keys(problems).sort()).toEqual(['ports', 'rest'])
})

test('variables have fields of their own, with rules one a line', () => {
  const one = { ...emptyVariable('a'), name: 'DEPTH', rules: 'integer\n\nbetween:1,400\n' }
  const checked = checkTemplate({ ...filled(), variables: [one], rest: '{"variables": []}' })

  expect(checked).toMatchObject({
    ok: true,
    body: {
      variables: [{ name: 'DEPTH', rules: ['integer', 'between:1,400'], userViewable: true }],
    },
  })
})

test('what is wrong with a variable stands at its field', () => {
  const long = 'x'.repeat(5000)
  const variables = [emptyVariable('a'), { ...emptyVariable('b'), name: 'B', rules: `a\n${long}` }]

  expect(Object.keys(refused({ ...filled(), variables }).problems)).toEqual([
    'variables.0.name',
    'variables.1.rules',
  ])
})

test('a template that is edited and left as it is stays as it is', () => {
  const { body } = accepted({
    ...filled(),
    variables: [{ ...emptyVariable('a'), name: 'A', rules: 'in:a' }],
  })
  const times = { createdAt: '', updatedAt: '', serverCount: 0, sourceFormat: null }
  const template = { ...body, ...times, id: 'an-id' as never } // a form does not look at it

  expect(accepted(valuesOf(template)).body).toEqual(body)
})

function accepted(values: Parameters<typeof checkTemplate>[0]) {
  const checked = checkTemplate(values)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked
}

function refused(values: Parameters<typeof checkTemplate>[0]) {
  const checked = checkTemplate(values)
  if (checked.ok) throw new Error('the form was taken')
  return checked
}
