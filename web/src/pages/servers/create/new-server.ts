import { type Server, servers } from '../../../../../contract/api/servers.ts'
import type { Template } from '../../../../../contract/api/templates.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'
import type { BoundProtocol } from '../../../../../contract/rules/ports.ts'
import { valueProblem } from '../../../../../contract/rules/variables.ts'

/** An additional port; an empty text leaves the choice to the panel. */
export interface MorePort {
  /** Tells rows apart while they are edited. */
  key: string
  protocol: BoundProtocol
  hostPort: number | string
  containerPort: number | string
  variable: string
}

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
  locationId: string
  /** With commas or spaces between them. */
  tags: string
  allocationLimit: number | string
  /** Beside the primary one. */
  morePorts: MorePort[]
  image: string
  startupName: string
  environment: Record<string, string>
}

const diskMb: Server['allocatedDiskMb'] = 10_240

/** A form as a template suggests it. */
export function newServerFrom(template: Template): NewServer {
  const where = { nodeId: '', locationId: '', tags: '', allocationLimit: 1, morePorts: [] }
  return { name: '', description: '', ownerId: '', ...where, ...suggestedBy(template) }
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
  'locationId',
  'ownerId',
  'primaryPort',
  'image',
  'startupName',
] as const

/** The fields as the endpoint takes them, before they are checked. */
export function asInput(values: NewServer): Record<string, unknown> {
  const { morePorts, tags, ...rest } = values
  const given: Record<string, unknown> = { ...rest, tags: tagsIn(tags) }
  for (const name of optional) if (values[name] === '') delete given[name]
  // A named node is at its location and has its tags, whatever was chosen before it.
  if (values.nodeId !== '') {
    delete given.locationId
    delete given.tags
  }
  if (morePorts.length === 0) return given
  delete given.primaryPort
  const primary = values.primaryPort === '' ? {} : { hostPort: values.primaryPort }
  return { ...given, allocations: [primary, ...morePorts.map(wishOf)] }
}

function wishOf({ protocol, hostPort, containerPort, variable }: MorePort) {
  return {
    protocol,
    ...(hostPort === '' ? {} : { hostPort }),
    ...(containerPort === '' ? {} : { containerPort }),
    ...(variable.trim() === '' ? {} : { variable: variable.trim() }),
  }
}

function tagsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((tag) => tag !== '')
}

/** A field of the endpoint's input by its name in the form: the first of the ports is the primary one. */
export function inForm(problems: Readonly<Record<string, string>>): Record<string, string> {
  const renamed = Object.entries(problems).map(([path, message]) => {
    const [, at, field = 'hostPort'] = /^allocations\.(\d+)(?:\.(\w+))?$/.exec(path) ?? []
    if (at === undefined) return [path.startsWith('tags.') ? 'tags' : path, message]
    return [at === '0' ? 'primaryPort' : `morePorts.${Number(at) - 1}.${field}`, message]
  })
  return Object.fromEntries(renamed)
}

/** The field that asks for a host port; the primary one's where none does. */
export function portFieldIn({ morePorts }: NewServer) {
  return (port: number | null): string => {
    const at = morePorts.findIndex(({ hostPort }) => hostPort !== '' && Number(hostPort) === port)
    return at < 0 ? 'primaryPort' : `morePorts.${at}.hostPort`
  }
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
  return inForm(problems)
}

/** The checked input. Only after `problemsOf` found nothing. */
export function inputOf(values: NewServer): CallInput<typeof servers.create> {
  return servers.create.body.parse(asInput(values))
}
