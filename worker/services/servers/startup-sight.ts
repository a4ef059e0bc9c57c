import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import type { Environment } from '../../../contract/protocol/spec.ts'
import { startupOf } from '../../../contract/rules/startup.ts'
import { holds } from '../access.ts'
import type { Caller } from '../context.ts'
import { environmentOf, lineOf, type SpecParts } from './to-spec.ts'

/** Whether somebody sees and sets every variable: whoever may create servers sets them there anyway. */
export function seesAll(caller: Caller): boolean {
  return holds(caller, 'server.create')
}

/** The variables that somebody sees. The default of a secret one is as secret as its value. */
export function seenVariables(
  variables: readonly TemplateVariable[],
  all: boolean,
): TemplateVariable[] {
  return variables
    .filter(({ userViewable }) => all || userViewable)
    .map((variable) => (variable.secret ? { ...variable, default: '' } : variable))
}

/** What of a server's environment somebody may read: nothing secret, nothing that is not shown to them. */
export function seenEnvironment(
  variables: readonly TemplateVariable[],
  environment: Environment,
  all: boolean,
): Environment {
  const hidden = hiddenNames(variables, all)
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !hidden.has(name)))
}

/** Names whose values somebody does not get to see. */
export function hiddenNames(
  variables: readonly TemplateVariable[],
  all: boolean,
): ReadonlySet<string> {
  const hidden = variables.filter(({ userViewable, secret }) => secret || !(all || userViewable))
  return new Set(hidden.map(({ name }) => name))
}

/** The line that starts a server as somebody may read it. */
export function seenPreview(parts: SpecParts, all: boolean): string {
  const hidden = hiddenNames(parts.template.variables, all)
  const known = Object.entries(environmentOf(parts)).map(([name, value]) => [
    name,
    hidden.has(name) ? '[hidden]' : value,
  ])
  const line = lineOf(parts)
  const startup = startupOf(parts.template.startupMode, line, Object.fromEntries(known))
  return startup.ok ? startup.preview : line
}
