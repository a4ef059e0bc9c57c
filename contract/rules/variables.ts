import { checkOf, isNumeric } from './variables-checks.ts'
import { type Rule, readRule } from './variables-parse.ts'
import { readPattern } from './variables-pattern.ts'

/** What decides whether a value is right for a variable. */
export interface CheckedVariable {
  readonly required: boolean
  readonly input: string
  /** In Laravel's notation, one rule each. */
  readonly rules: readonly string[]
}

/**
 * Holds a value against a variable's rules. Panel and API both ask here and nowhere else.
 *
 * Bounds (`min`, `max`, `between`, `size`, `gt` and the like) mean the number where the variable is one
 * (`numeric`, `integer`, or a number field), else the count of characters. An empty value is right unless
 * one is required. A rule that is not known here holds always, and so does a pattern that RE2 cannot
 * run: `ruleProblem` tells of both.
 *
 * @returns null where the value is right, else what is wrong with it, as a sentence
 */
export function valueProblem(variable: CheckedVariable, value: string): string | null {
  const rules = variable.rules.map(readRule)
  if (value.trim() === '') return isRequired(variable) ? 'A value is required.' : null
  const numeric = variable.input === 'number' || rules.some(isNumericRule)
  if (variable.input === 'number' && !isNumeric(value)) return 'It has to be a number.'
  const size = numeric ? numberOf(value) : [...value].length
  for (const rule of rules) {
    const wanted = checkOf(rule.name)?.({ value, numeric, size }, rule) ?? null
    if (wanted !== null) return `It has to be ${wanted}.`
  }
  return null
}

/** Whether a variable has to be given a value: by its own mark or by a rule. */
export function isRequired({ required, rules }: Omit<CheckedVariable, 'input'>): boolean {
  return required || rules.some((rule) => demanding.includes(readRule(rule).name))
}

/** Why a rule is not checked here, as the end of a sentence; null where it is. */
export function ruleProblem(written: string): string | null {
  const { name, text } = readRule(written)
  if (checkOf(name) === undefined) return 'it is not known here'
  if (name !== 'regex' && name !== 'not_regex') return null
  const pattern = readPattern(text)
  return pattern.ok ? null : pattern.why
}

const demanding = ['required', 'filled', 'accepted']

function isNumericRule({ name }: Rule): boolean {
  return ['numeric', 'integer', 'decimal'].includes(name)
}

function numberOf(value: string): number {
  return isNumeric(value) ? Number(value) : Number.NaN
}
