import { expect, test } from 'vitest'
import {
  checkTemplate,
  emptyTemplate,
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

function refused(values: Parameters<typeof checkTemplate>[0]) {
  const checked = checkTemplate(values)
  if (checked.ok) throw new Error('the form was taken')
  return checked
}
