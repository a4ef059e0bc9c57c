import { type Server, servers } from '../../../../../contract/api/servers.ts'
import type { Template } from '../../../../../contract/api/templates.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'
import { valueProblem } from '../../../../../contract/rules/variables.ts'

/** The form's fields; an empty text stands for "not given". */
export interface NewServer {
  name: string
  description: string
  templateId: string
  nodeId: string
  ownerId: string
  allocatedMemoryMb: number | string
  allocatedCpuCores: number | string
  allocatedDiskMb: number | string
  primaryPort: number | string
  image: string
  startupName: string
  environment: Record<string, string>
}

const diskMb: Server['allocatedDiskMb'] = 10_240

/** A form as a template suggests it. */
export function newServerFrom(template: Template): NewServer {
  return { name: '', description: '', nodeId: '', ownerId: '', ...suggestedBy(template) }
}

/** What changes in the form when another template is chosen. */
export function suggestedBy(template: Template) {
  return {
    templateId: template.id,
    allocatedMemoryMb: template.allocatedMemoryMb,
    allocatedCpuCores: template.allocatedCpuCores,
    allocatedDiskMb: diskMb,
    primaryPort: '',
    image: '',
    startupName: '',
    environment: Object.fromEntries(
      template.variables.map(({ name, default: preset }) => [name, preset]),
    ),
  }
}

const optional = [
  'description',
  'nodeId',
  'ownerId',
  'primaryPort',
  'image',
  'startupName',
] as const

/** The fields as the endpoint takes them, before they are checked. */
export function asInput(values: NewServer): Record<string, unknown> {
  const given: Record<string, unknown> = { ...values }
  for (const name of optional) if (values[name] === '') delete given[name]
  return given
}

/** What the form lacks, by field; empty when it can be sent. */
export function problemsOf(values: NewServer, template: Template): Record<string, string> {
  const checked = servers.create.body.safeParse(asInput(values))
  const problems: Record<string, string> = {}
  for (const issue of checked.error?.issues ?? []) {
    problems[issue.path.join('.')] ??= issue.message
  }
  for (const variable of template.variables) {
    const problem = valueProblem(variable, values.environment[variable.name] ?? '')
    if (problem !== null) problems[`environment.${variable.name}`] = problem
  }
  return problems
}

/** The checked input. Only after `problemsOf` found nothing. */
export function inputOf(values: NewServer): CallInput<typeof servers.create> {
  return servers.create.body.parse(asInput(values))
}
