import * as z from 'zod'
import { ConfigParser } from '../protocol/config-files.ts'
import { EnvironmentName, EnvironmentValue, ImageName, StopSignal } from '../protocol/spec.ts'
import { Name } from '../text.ts'

export const TemplateVariable = z
  .object({
    name: EnvironmentName,
    /** What people read; empty: the name. */
    title: z.string().max(200).default(''),
    description: z.string().max(8000).default(''),
    default: EnvironmentValue.default(''),
    required: z.boolean().default(false),
    input: z.enum(['text', 'number', 'password', 'checkbox', 'select', 'textarea']).default('text'),
    /** In Laravel's notation, one rule each: see `valueProblem`. */
    rules: z.array(z.string().min(1).max(4096)).max(50).default([]),
    /** Whether those who may not create servers see it. */
    userViewable: z.boolean().default(true),
    /** Whether they may change it. One that they do not see they do not change. */
    userEditable: z.boolean().default(true),
    /** Its value is taken and never shown. */
    secret: z.boolean().default(false),
  })
  .meta({ id: 'TemplateVariable' })
export type TemplateVariable = z.infer<typeof TemplateVariable>

/** Another image that a server of the template may run in. */
export const TemplateImage = z.object({ name: z.string().min(1).max(200), image: ImageName })
export type TemplateImage = z.infer<typeof TemplateImage>

/** Another way to start a server of the template. */
export const TemplateStartup = z.object({
  name: z.string().min(1).max(200),
  command: z.string().max(16_384),
})
export type TemplateStartup = z.infer<typeof TemplateStartup>

const Text = z.string().max(8192)

/** One change to a file, with an egg's placeholders in its texts: see `fillText`. */
export const TemplateConfigEdit = z.object({
  match: z.string().min(1).max(1024),
  /** Null: always. See `ConfigEdit`. */
  ifValue: z.string().max(1024).nullable().default(null),
  value: z.union([Text, z.number(), z.boolean(), z.null()]),
})
export type TemplateConfigEdit = z.infer<typeof TemplateConfigEdit>

export const TemplateConfigFile = z.object({
  path: z.string().min(1).max(1024),
  parser: ConfigParser,
  find: z.array(TemplateConfigEdit).max(512),
})
export type TemplateConfigFile = z.infer<typeof TemplateConfigFile>

export const templateFields = {
  name: Name,
  description: z.string().max(20_000),
  author: z.string().max(200),
  version: z.string().max(50),
  /** By which templates are grouped; empty: none. */
  category: z.string().trim().max(100),
  image: ImageName,
  /** What may be chosen besides; `image` is the usual one. */
  images: z.array(TemplateImage).max(64),
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
  /** What may be chosen besides; `startup` is the usual one. */
  startups: z.array(TemplateStartup).max(64),
  /** How `startup` is run: see `startupOf`. */
  startupMode: z.enum(['shell', 'argv', 'image']),
  /**
   * What means "ready" when it stands in a console line, colours left out: a text, or `regex:` and a
   * pattern in RE2's syntax. None: ready once the process runs.
   */
  ready: z.array(z.string().min(1).max(512)).max(16),
  /** A console line, or empty for the signal alone. */
  stopCommand: z.string().max(512),
  sendSignalTo: StopSignal,
  stopGraceSeconds: z.int().min(1).max(3600),
  readOnlyRoot: z.boolean(),
  variables: z.array(TemplateVariable).max(200),
  configFiles: z.array(TemplateConfigFile).max(64),
  /** Files that owners do not touch, in the notation of `.gitignore`. */
  fileDenylist: z.array(z.string().min(1).max(512)).max(200),
  supportedPorts: z.array(z.int().min(1).max(65_535)).max(50),
  allocatedMemoryMb: z.int().min(16).max(16_777_216),
  allocatedCpuCores: z.number().min(0.05).max(1024),
  /** Where a newer version may be found. Nothing asks there by itself. */
  updateUrl: z.string().max(2000).nullable(),
  features: z.record(z.string(), z.unknown()),
}

export const TemplateBody = z.object({
  name: templateFields.name,
  description: templateFields.description.default(''),
  author: templateFields.author.default(''),
  version: templateFields.version.default('1'),
  category: templateFields.category.default(''),
  image: templateFields.image,
  images: templateFields.images.default([]),
  installImage: templateFields.installImage.default(null),
  installEntrypoint: templateFields.installEntrypoint.default('/bin/sh'),
  installScript: templateFields.installScript.default(null),
  startup: templateFields.startup,
  startups: templateFields.startups.default([]),
  startupMode: templateFields.startupMode.default('shell'),
  ready: templateFields.ready.default([]),
  stopCommand: templateFields.stopCommand.default(''),
  sendSignalTo: templateFields.sendSignalTo.default('SIGTERM'),
  stopGraceSeconds: templateFields.stopGraceSeconds.default(30),
  readOnlyRoot: templateFields.readOnlyRoot.default(false),
  variables: templateFields.variables.default([]),
  configFiles: templateFields.configFiles.default([]),
  fileDenylist: templateFields.fileDenylist.default([]),
  supportedPorts: templateFields.supportedPorts.default([]),
  allocatedMemoryMb: templateFields.allocatedMemoryMb.default(1024),
  allocatedCpuCores: templateFields.allocatedCpuCores.default(1),
  updateUrl: templateFields.updateUrl.default(null),
  features: templateFields.features.default({}),
})
export type TemplateBody = z.output<typeof TemplateBody>
/** The same as it is given: what has a default may be left out. */
export type TemplateInput = z.input<typeof TemplateBody>

/** What was found while a template was read: `error` for what does not work, `info` for what to know. */
export const ImportFinding = z
  .object({
    level: z.enum(['info', 'warning', 'error']),
    /** A path into the document that was read: `variables.3.rules`. */
    field: z.string(),
    message: z.string(),
  })
  .meta({ id: 'ImportFinding' })
export type ImportFinding = z.infer<typeof ImportFinding>

/** What a document is written in: eggs of Pterodactyl and Pelican, or our own, which the original's is too. */
export const TemplateFormat = z.enum([
  'catalyst',
  'ptdl_v1',
  'ptdl_v2',
  'plcn_v1',
  'plcn_v2',
  'plcn_v3',
])
export type TemplateFormat = z.infer<typeof TemplateFormat>
