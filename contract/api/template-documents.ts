import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { TemplateId } from '../ids.ts'
import { Name } from '../text.ts'
import { ImportFinding, TemplateBody, TemplateFormat } from './template-fields.ts'
import { Template } from './templates.ts'

/** The largest archive that is read, in bytes. */
export const maxArchiveBytes = 8 * 1024 * 1024

/** A document's text: an egg with its scripts fits well. */
const Content = z.string().min(1).max(900_000).describe('JSON or YAML.')

const params = z.object({ templateId: TemplateId })

export const Imported = z
  .object({ template: Template, report: z.array(ImportFinding) })
  .meta({ id: 'ImportedTemplate' })
export type Imported = z.infer<typeof Imported>

/** What became of one file of an archive. */
export const ImportedFile = z
  .object({
    path: z.string(),
    /** Null: it is no template, or its name is in use; `error` says which. */
    template: z.object({ id: TemplateId, name: z.string() }).nullable(),
    error: z.string().nullable(),
    report: z.array(ImportFinding),
  })
  .meta({ id: 'ImportedFile' })
export type ImportedFile = z.infer<typeof ImportedFile>

const fieldNames = Object.keys(TemplateBody.shape) as [
  keyof TemplateBody,
  ...(keyof TemplateBody)[],
] // a schema's keys are its type's
export const TemplateField = z.enum(fieldNames)
export type TemplateField = z.infer<typeof TemplateField>

export const TemplateChange = z
  .object({
    field: TemplateField,
    before: z.unknown(),
    after: z.unknown(),
    /** It is not any more what the template was read with: taking it over undoes that. */
    editedHere: z.boolean(),
  })
  .meta({ id: 'TemplateChange' })
export type TemplateChange = z.infer<typeof TemplateChange>

/** Templates as documents: eggs of Pterodactyl and Pelican, and our own format. */
export const templateDocuments = {
  import: endpoint({
    method: 'POST',
    path: '/api/templates/import',
    summary: 'Add a template from an egg or a template in JSON or YAML',
    tag: 'Templates',
    needs: 'template.create',
    body: z.object({
      content: Content,
      name: Name.optional().describe("Without it: the document's own."),
      category: z.string().trim().max(100).optional(),
    }),
    returns: Imported,
    status: 201,
  }),
  fetch: endpoint({
    method: 'POST',
    path: '/api/templates/fetch',
    summary:
      'Fetch an egg or a template from a public address, to look at it before it is imported',
    tag: 'Templates',
    needs: 'template.create',
    body: z.object({ url: z.string().trim().min(1).max(2000) }),
    returns: z.object({
      content: z.string(),
      format: TemplateFormat,
      report: z.array(ImportFinding),
    }),
    asks: true,
  }),
  importArchive: endpoint({
    method: 'POST',
    path: '/api/templates/import-archive',
    summary: 'Add a template from each egg in a zip or tar.gz; nothing else of it is read',
    tag: 'Templates',
    needs: 'template.create',
    body: z.object({
      archive: z
        .base64()
        .max(Math.ceil(maxArchiveBytes / 3) * 4)
        .describe('In base64.'),
      category: z.string().trim().max(100).optional(),
    }),
    returns: z.array(ImportedFile),
    status: 201,
    maxBodyBytes: 12 * 1024 * 1024,
  }),
  export: endpoint({
    method: 'GET',
    path: '/api/templates/:templateId/export',
    summary: 'A template as an egg of Pterodactyl, or in our own format',
    tag: 'Templates',
    needs: 'template.read',
    params,
    query: z.object({ format: z.enum(['ptdl_v2', 'catalyst']).default('ptdl_v2') }),
    returns: z.object({ fileName: z.string(), content: z.string() }),
  }),
  compare: endpoint({
    method: 'POST',
    path: '/api/templates/:templateId/compare',
    summary: 'What a newer document would change of a template',
    tag: 'Templates',
    needs: 'template.read',
    params,
    body: z.object({ content: Content }),
    returns: z.object({
      format: TemplateFormat,
      changes: z.array(TemplateChange),
      report: z.array(ImportFinding),
    }),
    asks: true,
  }),
  updateFrom: endpoint({
    method: 'POST',
    path: '/api/templates/:templateId/update-from',
    summary: 'Take fields of a newer document over',
    tag: 'Templates',
    needs: 'template.update',
    params,
    body: z.object({
      content: Content,
      fields: z
        .array(TemplateField)
        .optional()
        .describe('Without it: all that differ and were not changed here.'),
    }),
    returns: Imported,
  }),
}
