import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRequired, ruleProblem, valueProblem } from '../../contract/rules/variables.ts'
import { readRule, splitRules } from '../../contract/rules/variables-parse.ts'

function problem(rules: string, value: string, input = 'text'): string | null {
  return valueProblem({ required: false, input, rules: splitRules(rules) }, value)
}

describe('rules in one text', () => {
  test.each([
    ['required|string|max:20', ['required', 'string', 'max:20']],
    ['required||string|', ['required', 'string']],
    [' required | string ', ['required', 'string']],
    ['', []],
    ['regex:/^(a|b)$/|max:3', ['regex:/^(a|b)$/', 'max:3']],
    ['required|regex:/^(a|b)$/i', ['required', 'regex:/^(a|b)$/i']],
    ['regex:/a\\/|b/|max:3', ['regex:/a\\/|b/', 'max:3']],
    ['regex:#^a|b$#|max:3', ['regex:#^a|b$#', 'max:3']],
    ['regex:{^a|b$}i|max:3', ['regex:{^a|b$}i', 'max:3']],
    ['not_regex:/a|b/|regex:/c|d/|min:1', ['not_regex:/a|b/', 'regex:/c|d/', 'min:1']],
    // Without a delimiter nothing says where it ends.
    ['regex:^a|b$', ['regex:^a|b$']],
    ['regex:', ['regex:']],
    ['regex:/never closed|max:3', ['regex:/never closed|max:3']],
  ])('%s', (text, expected) => {
    expect(splitRules(text)).toEqual(expected)
  })

  test('are the same when they are put together again', () => {
    const rule = fc.constantFrom('required', 'max:3', 'in:a,b', 'regex:/^(a|b)$/', 'size:1')
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        expect(splitRules(rules.join('|'))).toEqual(rules)
      }),
    )
  })
})

test.each([
  ['int', { name: 'integer', list: [] }],
  ['Nullable', { name: 'nullable', list: [] }],
  ['between:1,10', { name: 'between', list: ['1', '10'] }],
  ['in:a,"b,c","d ""e"""', { name: 'in', list: ['a', 'b,c', 'd "e"'] }],
  ['in:', { name: 'in', list: [''] }],
])('the rule %s is read', (rule, expected) => {
  expect(readRule(rule)).toMatchObject(expected)
})

describe('a value', () => {
  test.each([
    ['required', 'a', 'text'],
    ['string|max:3', 'äöü', 'text'],
    ['max:2', '😀😀', 'text'],
    ['numeric|max:3', '2.5', 'text'],
    ['integer|between:1,65535', '25565', 'text'],
    ['int|min:-5', '-5', 'text'],
    ['between:1,65535', '25565', 'number'],
    ['between:1,5', '25565', 'text'],
    ['size:19', '1234567890123456789', 'text'],
    ['numeric|gt:15', '16', 'text'],
    ['numeric|gt:other_field', '1', 'text'],
    ['boolean', '0', 'text'],
    ['boolean', 'true', 'text'],
    ['digits:3', '007', 'text'],
    ['digits_between:1,3', '12', 'text'],
    ['in:a,b', 'b', 'text'],
    ['in:"a,b",c', 'a,b', 'text'],
    ['not_in:a,b', 'c', 'text'],
    ['alpha_dash', 'Zü_1-', 'text'],
    ['alpha_num', 'añ1', 'text'],
    ['alpha', 'ñ', 'text'],
    ['url', 'https://example.org/a?b#c', 'text'],
    ['ip', '::1', 'text'],
    ['email', 'a@example.org', 'text'],
    ['uuid', '01900000-0000-7000-8000-000000000001', 'text'],
    ['json', '{"a":1}', 'text'],
    ['decimal:1,2', '1.25', 'text'],
    ['multiple_of:5', '15', 'text'],
    ['lowercase', 'abc', 'text'],
    ['uppercase', 'ABC', 'text'],
    ['starts_with:a,b', 'beta', 'text'],
    ['ends_with:.jar,.zip', 'server.jar', 'text'],
    ['doesnt_start_with:-', 'a-', 'text'],
    ['doesnt_end_with:-', '-a', 'text'],
    ['regex:/^[A-Z]+$/i', 'abc', 'text'],
    ['regex:^a+$', 'aaa', 'text'],
    ['regex:~^a/b$~', 'a/b', 'text'],
    ['regex:/^a\\/b$/', 'a/b', 'text'],
    ['regex:/^\\S{2}$/u', 'ü😀', 'text'],
    ['not_regex:/secret/', 'open', 'text'],
    ['nullable|integer', '', 'text'],
    // Nothing but "required" speaks of an empty value.
    ['string|min:3', '', 'text'],
    ['in:a,b', '', 'text'],
    ['present', '', 'text'],
    ['some_rule_of_a_fork:1', 'a', 'text'],
    ['constructor', 'a', 'text'],
    ['regex:/(?=a)b/', 'whatever', 'text'],
  ])('keeps %s as %j in a %s field', (rules, value, input) => {
    expect(problem(rules, value, input)).toBeNull()
  })

  test.each([
    ['required', '', 'A value is required.'],
    ['required|string', '  ', 'A value is required.'],
    ['max:3', 'four', 'It has to be at most 3 characters.'],
    ['min:1|size:1', 'ab', 'It has to be exactly 1 character.'],
    ['numeric|max:3', '4', 'It has to be at most 3.'],
    ['numeric', '1,5', 'It has to be a number.'],
    ['integer', '007', 'It has to be a whole number.'],
    ['integer', '1.0', 'It has to be a whole number.'],
    ['integer', '9223372036854775808', 'It has to be a whole number.'],
    ['max:3|numeric', 'abc', 'It has to be at most 3.'],
    ['integer|between:1,10', '11', 'It has to be between 1 and 10.'],
    ['between:1,5', 'abcdef', 'It has to be between 1 and 5 characters.'],
    ['numeric|gt:15', '15', 'It has to be more than 15.'],
    ['numeric|lt:15', '15', 'It has to be less than 15.'],
    ['numeric|gte:2|lte:3', '4', 'It has to be at most 3.'],
    ['boolean', 'yes', 'It has to be 0, 1, true or false.'],
    ['digits:3', '12', 'It has to be exactly 3 digits.'],
    ['digits_between:1,3', '1234', 'It has to be 1 to 3 digits.'],
    ['in:a,b', 'c', 'It has to be one of: a, b.'],
    ['not_in:a,b', 'a', 'It has to be none of: a, b.'],
    ['alpha_dash', 'a b', 'It has to be made of letters, digits, - and _ alone.'],
    ['alpha_dash:ascii', 'ü', 'It has to be made of letters, digits, - and _ alone.'],
    ['alpha_num', 'a-', 'It has to be made of letters and digits alone.'],
    ['alpha', 'a1', 'It has to be made of letters alone.'],
    ['url', 'example.org', 'It has to be an address such as https://example.org.'],
    ['url:https', 'ftp://example.org', 'It has to be an address such as https://example.org.'],
    ['ipv4', '1.2.3', 'It has to be an IPv4 address.'],
    ['ends_with:.jar', 'a.zip', 'It has to be ending with .jar.'],
    ['starts_with:a', 'b', 'It has to be beginning with a.'],
    ['decimal:2', '1.2', 'It has to be a number with 2 to 2 decimal places.'],
    ['multiple_of:5', '14', 'It has to be a multiple of 5.'],
    ['regex:/^a$/', 'b', 'It has to be as this pattern says: /^a$/.'],
    ['regex:/^(a|b)$/|max:1', 'ab', 'It has to be as this pattern says: /^(a|b)$/.'],
    ['not_regex:/b/', 'b', 'It has to be other than this pattern: /b/.'],
    ['regex:/(?=a)b/|max:3', 'four', 'It has to be at most 3 characters.'],
  ])('breaks %s as %j', (rules, value, expected) => {
    expect(problem(rules, value)).toBe(expected)
  })

  test('of a number field is a number', () => {
    expect(problem('', 'abc', 'number')).toBe('It has to be a number.')
  })

  test('of a variable that its own mark makes required is given', () => {
    expect(valueProblem({ required: true, input: 'text', rules: [] }, '')).not.toBeNull()
    expect(isRequired({ required: false, rules: ['Required'] })).toBe(true)
    expect(isRequired({ required: false, rules: ['nullable'] })).toBe(false)
  })

  test('never makes the rules throw, whatever both are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (rule, value, required) => {
        const said = valueProblem({ required, input: 'text', rules: splitRules(rule) }, value)
        expect(said === null || said.endsWith('.')).toBe(true)
      }),
    )
  })
})

describe('a pattern that would take for ever elsewhere', () => {
  test.each(['/^(a+)+$/', '/^(a|a)*$/', '/^(a|aa)+$/', '/^([a-zA-Z]+)*$/', '/(.*a){12}$/'])(
    '%s is through in under 50 ms',
    (pattern) => {
      const value = `${'a'.repeat(40)}!`
      valueProblem({ required: false, input: 'text', rules: [`regex:${pattern}`] }, value) // warm
      const began = performance.now()
      const said = valueProblem(
        { required: false, input: 'text', rules: [`regex:${pattern}`] },
        value,
      )

      expect(performance.now() - began).toBeLessThan(50)
      expect(said).not.toBeNull()
    },
  )
})

test.each([
  ['max:3', null],
  ['regex:/^a$/', null],
  ['regex:/^(?!a)b$/', 'it uses what RE2 does not have, such as looking ahead'],
  ['regex:/(a)\\1/', 'it uses what RE2 does not have, such as looking ahead'],
  ['regex:/a b/x', 'its flag x is not known here'],
  [`regex:/${'a'.repeat(3000)}/`, 'it is too long'],
  ['toString', 'it is not known here'],
])('of the rule %.30s an import says %j', (rule, expected) => {
  expect(ruleProblem(rule)).toBe(expected)
})
