import { describe, expect, test } from 'vitest'
import { readTemplateText } from '../../../worker/services/templates/eggs/read-template.ts'
import { anEgg, aVariable, pelicanYaml } from './corpus.ts'
import { fieldsFound, read } from './reading.ts'

describe('a variable', () => {
  test.each([
    ['a number', { default_value: 25_565 }, { default: '25565' }],
    ['true', { default_value: true, rules: 'boolean' }, { default: '1' }],
    ['false', { default_value: false, rules: 'string' }, { default: '0' }],
    [
      'false where its rules want words',
      { default_value: false, rules: 'required|in:true,false' },
      { default: 'false' },
    ],
    ['null', { default_value: null }, { default: '' }],
    ['left out', { default_value: undefined }, { default: '' }],
    ['an object', { default_value: { a: 1 } }, { default: '{"a":1}' }],
  ])('whose default is %s', (_what, change, expected) => {
    expect(read(anEgg({ variables: [aVariable(change)] })).body.variables[0]).toMatchObject(
      expected,
    )
  })

  test.each([
    ['string', 'true'],
    ['in:true,false', 'true'],
    ['boolean', '1'],
    ['integer', '1'],
  ])(
    'of Pelican whose default is true without quotes and whose rule is %s has %j',
    (rule, said) => {
      const variables = [aVariable({ default_value: true, rules: [rule] })]
      const found = read(anEgg({ meta: { version: 'PLCN_v3' }, variables }))

      expect(found.body.variables[0]?.default).toBe(said)
      expect(found.report).toEqual([])
    },
  )

  test.each(['76561198000000001', '1.20', '20.0', '12'])(
    'in YAML whose default is %s without quotes has each of its digits',
    (written) => {
      const yaml = pelicanYaml.replace('default_value: 12', `default_value: ${written}`)

      expect(readTemplateText(yaml).body.variables[0]?.default).toBe(written)
    },
  )

  test('in JSON whose default is a number of many digits has each of them', () => {
    const json = JSON.stringify(anEgg({ variables: [aVariable({ default_value: 12_345 })] }))
    const long = json.replace('12345', '76561198000000001')

    expect(readTemplateText(long).body.variables[0]?.default).toBe('76561198000000001')
  })

  test('whose own rules refuse its default keeps it, and that is told', () => {
    const variables = [aVariable({ default_value: 'newest', rules: 'required|regex:/^[0-9.]+$/' })]
    const found = read(anEgg({ variables }))

    expect(found.body.variables[0]?.default).toBe('newest')
    expect(found.report).toMatchObject([
      { level: 'warning', field: 'variables.0', message: expect.stringContaining('"newest"') },
    ])
  })

  test.each([
    ['required||string|', ['required', 'string']],
    ['Nullable|int', ['Nullable', 'int']],
    ['required|regex:/^(a|b)$/|max:9', ['required', 'regex:/^(a|b)$/', 'max:9']],
    [
      ['required', '', 'in:a,b'],
      ['required', 'in:a,b'],
    ],
    [{ 0: 'required', 2: 'string' }, ['required', 'string']],
    ['', []],
    [null, []],
  ])('with the rules %j', (rules, expected) => {
    const [variable] = read(anEgg({ variables: [aVariable({ rules })] })).body.variables

    expect(variable?.rules).toEqual(expected)
  })

  test.each([
    ['in:a,b', 'select'],
    ['boolean', 'checkbox'],
    ['int', 'number'],
    ['string', 'text'],
  ])('with the rule %s is a %s field', (rules, input) => {
    const { body } = read(anEgg({ variables: [aVariable({ rules })] }))

    expect(body.variables[0]?.input).toBe(input)
  })

  test('that is required and has no default comes in, and is asked for later', () => {
    const variables = [aVariable({ default_value: '', rules: 'required|string' })]
    const found = read(anEgg({ variables }))

    expect(found.body.variables).toMatchObject([{ default: '', required: true }])
    expect(fieldsFound(found, 'info')).toEqual(['variables.0'])
  })

  test('may have a name in lower case', () => {
    const variables = [aVariable({ env_variable: 'depth_of' })]
    const startup = './burrow {{depth_of}}'

    expect(read(anEgg({ variables, startup })).body.variables[0]?.name).toBe('depth_of')
  })

  test('comes in once, under a name that an environment can hold', () => {
    const names = ['DEPTH', 'DEPTH', '1ST', 'A-B', '', '__proto__']
    const variables = names.map((env_variable) => aVariable({ env_variable }))

    const found = read(anEgg({ variables }))

    expect(found.body.variables.map(({ name }) => name)).toEqual(['DEPTH'])
    expect(fieldsFound(found, 'error')).toEqual([1, 2, 3, 4, 5].map((at) => `variables.${at}`))
  })

  test('tells of rules that are not checked', () => {
    const variables = [aVariable({ rules: 'required|regex:/^(?!a)b$/|exists:users' })]

    const found = read(anEgg({ variables }))

    expect(fieldsFound(found, 'warning')).toEqual(['variables.0.rules', 'variables.0.rules'])
    expect(found.body.variables[0]?.rules).toHaveLength(3)
  })
})
