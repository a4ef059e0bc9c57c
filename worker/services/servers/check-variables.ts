import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import type { InputIssue } from '../../../contract/errors.ts'
import type { Environment } from '../../../contract/protocol/spec.ts'
import { valueProblem } from '../../../contract/rules/variables.ts'

/** What a variable of a server holds: what was set, else the template's default. */
export function valueIn(
  { name, default: preset }: TemplateVariable,
  environment: Environment,
): string {
  return Object.hasOwn(environment, name) ? (environment[name] ?? preset) : preset
}

/** What is wrong with the variables of a new server: each has to be right from the beginning. */
export function variableIssues(
  variables: readonly TemplateVariable[],
  environment: Environment,
): InputIssue[] {
  return [
    ...unknownIssues(variables, environment, {}),
    ...variables.flatMap((variable) => ruleIssues(variable, valueIn(variable, environment))),
  ]
}

/**
 * What is wrong with a change of a server's variables. What does not change is not looked at: a template
 * may have got stricter, and nobody is kept by that from changing something else.
 * @param all whether the caller may change every variable
 */
export function changeIssues(
  variables: readonly TemplateVariable[],
  before: Environment,
  after: Environment,
  all: boolean,
): InputIssue[] {
  const changed = variables.filter(
    (variable) => valueIn(variable, before) !== valueIn(variable, after),
  )
  return [
    ...unknownIssues(variables, after, before),
    ...changed.flatMap((variable) =>
      all || isEditable(variable)
        ? ruleIssues(variable, valueIn(variable, after))
        : // Of one that is not shown nobody is told that it is there.
          [issue(variable.name, variable.userViewable ? 'You may not change this.' : unknownName)],
    ),
  ]
}

/** Whether those who may not create servers may change it. */
export function isEditable({ userViewable, userEditable }: TemplateVariable): boolean {
  return userViewable && userEditable
}

const unknownName = 'The template has no such variable.'

/** Names that the template does not have; one that the server has kept from earlier may stay. */
function unknownIssues(
  variables: readonly TemplateVariable[],
  environment: Environment,
  kept: Environment,
): InputIssue[] {
  const names = new Set(variables.map(({ name }) => name))
  return Object.keys(environment)
    .filter((name) => !names.has(name) && environment[name] !== kept[name])
    .map((name) => issue(name, unknownName))
}

function ruleIssues(variable: TemplateVariable, value: string): InputIssue[] {
  const problem = valueProblem(variable, value)
  return problem === null ? [] : [issue(variable.name, problem)]
}

function issue(name: string, message: string): InputIssue {
  return { path: ['environment', name], message }
}
