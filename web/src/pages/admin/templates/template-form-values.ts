import { TemplateBody, TemplateVariable } from '../../../../../contract/api/template-fields.ts'
import type { Template } from '../../../../../contract/api/templates.ts'

/** The main fields one by one, the rest as JSON. */
export interface TemplateFormValues {
  name: string
  description: string
  category: string
  image: string
  startup: string
  startupMode: string
  stopCommand: string
  ports: string
  allocatedMemoryMb: number | string
  allocatedCpuCores: number | string
  variables: VariableValues[]
  rest: string
}

/** A variable as its fields have it: rules stand one a line. */
export interface VariableValues extends Omit<TemplateVariable, 'rules'> {
  /** Tells variables apart while their names are typed. */
  key: string
  rules: string
}

const mainFields = [
  'name',
  'description',
  'category',
  'image',
  'startup',
  'startupMode',
  'stopCommand',
  'supportedPorts',
  'allocatedMemoryMb',
  'allocatedCpuCores',
  'variables',
] as const

const kept = ['id', 'sourceFormat', 'serverCount', 'createdAt', 'updatedAt'] as const

/** The fields that the form does not show one by one, as JSON to edit. */
export function restOf(template: TemplateBody | Template): string {
  const hidden: readonly string[] = [...mainFields, ...kept]
  const rest = Object.entries(template).filter(([name]) => !hidden.includes(name))
  return JSON.stringify(Object.fromEntries(rest), null, 2)
}

export function valuesOf(template: Template): TemplateFormValues {
  const { name, description, category, image, startup, startupMode, stopCommand } = template
  return {
    name,
    description,
    category,
    image,
    startup,
    startupMode,
    stopCommand,
    ports: template.supportedPorts.join(', '),
    allocatedMemoryMb: template.allocatedMemoryMb,
    allocatedCpuCores: template.allocatedCpuCores,
    variables: template.variables.map(variableValues),
    rest: restOf(template),
  }
}

function variableValues(variable: TemplateVariable): VariableValues {
  return { ...variable, key: variable.name, rules: variable.rules.join('\n') }
}

/** A new variable, as the API would fill it in. */
export function emptyVariable(key: string): VariableValues {
  return { ...variableValues(TemplateVariable.parse({ name: 'NEW' })), key, name: '' }
}

/** A new template: what the API would fill in, where it can be seen and changed. */
export function emptyTemplate(): TemplateFormValues {
  const presets = TemplateBody.parse({ name: 'New', image: 'registry/name:tag', startup: '' })
  return {
    name: '',
    description: '',
    category: '',
    image: '',
    startup: '',
    startupMode: presets.startupMode,
    stopCommand: '',
    ports: '',
    allocatedMemoryMb: presets.allocatedMemoryMb,
    allocatedCpuCores: presets.allocatedCpuCores,
    variables: [],
    rest: restOf(presets),
  }
}

export type Checked =
  | { readonly ok: true; readonly body: TemplateBody }
  | { readonly ok: false; readonly problems: Record<string, string> }

/** Puts the fields together and checks them by the endpoint's own schema. */
export function checkTemplate(values: TemplateFormValues): Checked {
  const { ports, rest, variables, ...main } = values
  const parsed = jsonObject(rest)
  const supportedPorts = ports
    .split(/[\s,]+/)
    .filter((port) => port !== '')
    .map(Number)
  const checked = TemplateBody.safeParse({
    ...parsed,
    ...main,
    supportedPorts,
    variables: variables.map(({ key: _key, rules, ...variable }) => ({
      ...variable,
      rules: rules.split('\n').filter((rule) => rule.trim() !== ''),
    })),
  })
  if (checked.success && parsed !== null) return { ok: true, body: checked.data }
  const notJson = parsed === null ? { rest: 'This is not a JSON object.' } : {}
  return { ok: false, problems: { ...byField(checked.error?.issues ?? []), ...notJson } }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Findings by the form's fields; those of fields that are not shown stand at the JSON. */
export function byField(issues: readonly Issue[]): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const { path, message } of issues) {
    const [first = 'rest'] = path
    if (first === 'variables') problems[variableField(path)] ??= message
    else if (first === 'supportedPorts')
      problems.ports ??= 'Port numbers, with commas between them.'
    else if (mainFields.some((name) => name === first)) problems[String(first)] ??= message
    else problems.rest ??= `${path.map(String).join('.')}: ${message}`
  }
  return problems
}

/** Rules are one field, whichever of them is meant. */
function variableField(path: readonly PropertyKey[]): string {
  return path.slice(0, 3).map(String).join('.')
}

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null // not JSON
  }
}
