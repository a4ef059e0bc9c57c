import type { TemplateVariable } from '../../../../contract/api/template-fields.ts'
import { EnvironmentName } from '../../../../contract/protocol/spec.ts'
import { ruleProblem } from '../../../../contract/rules/variables.ts'
import { readRule, splitRules } from '../../../../contract/rules/variables-parse.ts'
import { readDefault } from './default-value.ts'
import type { Findings } from './findings.ts'
import { type Fields, fieldsOf, flagIn, listIn, own, textIn } from './values.ts'

/** Reads an egg's variables. One that has no usable name, or another's, is left out and told. */
export function readVariables(document: Fields, findings: Findings): TemplateVariable[] {
  const names = new Set<string>()
  const read = listIn(document, 'variables').flatMap((written, at): TemplateVariable[] => {
    const field = `variables.${at}`
    const variable = readVariable(fieldsOf(written), document, field, findings)
    if (variable === null) return []
    if (names.has(variable.name)) {
      findings.error(field, `${variable.name} is there already: the second is left out.`)
      return []
    }
    names.add(variable.name)
    return [variable]
  })
  return findings.capped('variables', read, 200)
}

function readVariable(
  written: Fields,
  document: Fields,
  field: string,
  findings: Findings,
): TemplateVariable | null {
  const name = (textIn(written, 'env_variable') ?? '').trim()
  if (!EnvironmentName.safeParse(name).success || name === '__proto__') {
    findings.error(field, `"${name.slice(0, 100)}" is no variable's name: it is left out.`)
    return null
  }
  const rules = readRules(own(written, 'rules'), `${field}.rules`, findings)
  const read = { name, required: isRequired(rules), input: inputOf(rules), rules }
  return {
    ...read,
    title: findings.clipped(field, textIn(written, 'name') ?? '', 200),
    description: findings.clipped(field, textIn(written, 'description') ?? '', 8000),
    default: readDefault(own(written, 'default_value'), read, document, field, findings),
    userViewable: flagIn(written, 'user_viewable') ?? false,
    userEditable: flagIn(written, 'user_editable') ?? false,
    secret: false,
  }
}

/** Rules stand in one text, in a list, or in an object whose values they are. */
function readRules(value: unknown, field: string, findings: Findings): string[] {
  const written = typeof value === 'string' ? splitRules(value) : Object.values(value ?? {})
  const rules = written
    .filter((rule) => typeof rule === 'string')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '')
  for (const rule of rules) {
    const problem = ruleProblem(rule)
    if (problem === null) continue
    findings.warning(field, `The rule "${rule.slice(0, 200)}" is not checked: ${problem}.`)
  }
  const fitting = rules.filter((rule) => rule.length <= 4096)
  if (fitting.length < rules.length) findings.error(field, 'A rule is too long, and is left out.')
  return findings.capped(field, fitting, 50)
}

function isRequired(rules: readonly string[]): boolean {
  return rules.some((rule) => readRule(rule).name === 'required')
}

function inputOf(rules: readonly string[]): TemplateVariable['input'] {
  const names = rules.map((rule) => readRule(rule).name)
  if (names.includes('in')) return 'select'
  if (names.includes('boolean')) return 'checkbox'
  return names.includes('integer') || names.includes('numeric') ? 'number' : 'text'
}

/** The same as an egg has it, beside what its own document has of the variable that is not known here. */
export function writeVariable(variable: TemplateVariable, before: Fields): Fields {
  const { name, title, description, userViewable, userEditable } = variable
  const rules = variable.rules.join('|')
  const sameRules =
    typeof own(before, 'rules') === 'string' &&
    splitRules(textIn(before, 'rules') ?? '').join('|') === rules
  return {
    ...before,
    name: title,
    description,
    env_variable: name,
    default_value: variable.default,
    user_viewable: userViewable,
    user_editable: userEditable,
    // A text keeps its empty parts where nothing of it has changed.
    rules: sameRules ? own(before, 'rules') : rules,
    field_type: textIn(before, 'field_type') ?? 'text',
  }
}
