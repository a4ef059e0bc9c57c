import type { Startup, StartupVariable, startup } from '../../../../../contract/api/startup.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'
import { valueProblem } from '../../../../../contract/rules/variables.ts'

/** The values of the variables, as fields have them; a secret one is empty until a new one is typed. */
export function valuesOf({ variables }: Pick<Startup, 'variables'>): Record<string, string> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value ?? '']))
}

/** What is to be sent: only what differs from what is there. */
export function changesOf(
  { variables }: Pick<Startup, 'variables'>,
  values: Readonly<Record<string, string>>,
): NonNullable<CallInput<typeof startup.update>['environment']> {
  const changed = variables.filter((variable) => isChanged(variable, values))
  return Object.fromEntries(changed.map(({ name }) => [name, values[name] ?? '']))
}

/** What is wrong with the values that have changed, by the fields' names. */
export function problemsOf(
  { variables }: Pick<Startup, 'variables'>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const variable of variables.filter((one) => isChanged(one, values))) {
    const problem = valueProblem(variable, values[variable.name] ?? '')
    if (problem !== null) problems[`environment.${variable.name}`] = problem
  }
  return problems
}

function isChanged(
  { name, value, editable }: StartupVariable,
  values: Readonly<Record<string, string>>,
): boolean {
  return editable && (values[name] ?? '') !== (value ?? '')
}
