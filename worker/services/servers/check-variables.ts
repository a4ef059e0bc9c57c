import type { TemplateVariable } from '../../../contract/api/templates.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Environment } from '../../../contract/protocol/spec.ts'

/**
 * Holds what an owner sets against the template's variables.
 * @throws `invalid_input` for names that the template does not have, and required ones left empty
 */
export function checkVariables(
  variables: readonly TemplateVariable[],
  environment: Environment,
): void {
  const names = new Set(variables.map(({ name }) => name))
  const unknown = Object.keys(environment).filter((name) => !names.has(name))
  const empty = variables.filter(
    ({ name, required, default: fallback }) => required && (environment[name] ?? fallback) === '',
  )
  const issues = [
    ...unknown.map((name) => issue(name, 'The template has no such variable.')),
    ...empty.map(({ name }) => issue(name, 'This variable is required.')),
  ]
  if (issues.length > 0) throw new AppError('invalid_input', issues)
}

function issue(name: string, message: string) {
  return { path: ['environment', name], message }
}
