import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { TemplateId } from '../ids.ts'
import { EnvironmentName, EnvironmentValue, ImageName, StopSignal } from '../protocol/spec.ts'
import { Name } from '../text.ts'

export const TemplateVariable = z
  .object({
    name: EnvironmentName,
    description: z.string().max(1000).default(''),
    default: EnvironmentValue.default(''),
    required: z.boolean().default(false),
    input: z.enum(['text', 'number', 'password', 'checkbox', 'select', 'textarea']).default('text'),
    rules: z.array(z.string().max(200)).max(20).default([]),
  })
  .meta({ id: 'TemplateVariable' })
export type TemplateVariable = z.infer<typeof TemplateVariable>

const fields = {
  name: Name,
  description: z.string().max(4000),
  author: z.string().max(200),
  version: z.string().max(50),
  image: ImageName,
  /** Where the install script runs; null: in `image`. */
  installImage: ImageName.nullable(),
  installEntrypoint: z.string().min(1).max(256),
  /** Null: nothing to install. CRLF is read as LF. */
  installScript: z
    .string()
    .max(131_072)
    .transform((script) => script.replaceAll('\r\n', '\n'))
    .nullable(),
  startup: z.string().max(16_384),
  /** How `startup` is run: see `startupOf`. */
  startupMode: z.enum(['shell', 'argv', 'image']),
  /** Console texts that mean "ready"; none: ready once the process runs. */
  ready: z.array(z.string().min(1).max(512)).max(16),
  /** A console line, or empty for the signal alone. */
  stopCommand: z.string().max(512),
  sendSignalTo: StopSignal,
  stopGraceSeconds: z.int().min(1).max(3600),
  readOnlyRoot: z.boolean(),
  variables: z.array(TemplateVariable).max(200),
  supportedPorts: z.array(z.int().min(1).max(65_535)).max(50),
  allocatedMemoryMb: z.int().min(16).max(16_777_216),
  allocatedCpuCores: z.number().min(0.05).max(1024),
  features: z.record(z.string(), z.unknown()),
}

export const TemplateBody = z.object({
  name: fields.name,
  description: fields.description.default(''),
  author: fields.author.default(''),
  version: fields.version.default('1'),
  image: fields.image,
  installImage: fields.installImage.default(null),
  installEntrypoint: fields.installEntrypoint.default('/bin/sh'),
  installScript: fields.installScript.default(null),
  startup: fields.startup,
  startupMode: fields.startupMode.default('shell'),
  ready: fields.ready.default([]),
  stopCommand: fields.stopCommand.default(''),
  sendSignalTo: fields.sendSignalTo.default('SIGTERM'),
  stopGraceSeconds: fields.stopGraceSeconds.default(30),
  readOnlyRoot: fields.readOnlyRoot.default(false),
  variables: fields.variables.default([]),
  supportedPorts: fields.supportedPorts.default([]),
  allocatedMemoryMb: fields.allocatedMemoryMb.default(1024),
  allocatedCpuCores: fields.allocatedCpuCores.default(1),
  features: fields.features.default({}),
})
export type TemplateBody = z.output<typeof TemplateBody>

export const Template = z
  .object({
    id: TemplateId,
    ...fields,
    installScript: z.string().nullable(),
    serverCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Template' })
export type Template = z.infer<typeof Template>

const params = z.object({ templateId: TemplateId })

export const templates = {
  list: endpoint({
    method: 'GET',
    path: '/api/templates',
    summary: 'Templates',
    tag: 'Templates',
    needs: 'template.read',
    returns: z.array(Template),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/templates/:templateId',
    summary: 'A template',
    tag: 'Templates',
    needs: 'template.read',
    params,
    returns: Template,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/templates',
    summary: 'Add a template',
    tag: 'Templates',
    needs: 'template.create',
    body: TemplateBody,
    returns: Template,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/templates/:templateId',
    summary: 'Change a template; servers take it at their next start or installation',
    tag: 'Templates',
    needs: 'template.update',
    params,
    body: z.object(fields).partial(),
    returns: Template,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/templates/:templateId',
    summary: 'Delete a template that no server uses',
    tag: 'Templates',
    needs: 'template.delete',
    params,
    returns: Nothing,
  }),
}
