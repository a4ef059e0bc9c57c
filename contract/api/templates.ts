import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { TemplateId } from '../ids.ts'
import { TemplateBody, TemplateFormat, templateFields } from './template-fields.ts'

export const Template = z
  .object({
    id: TemplateId,
    ...templateFields,
    installScript: z.string().nullable(),
    /** What it was read from; null: it was made here. */
    sourceFormat: TemplateFormat.nullable(),
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
    query: z.object({
      search: z.string().trim().max(100).optional().describe('In name, description and author.'),
      category: z.string().trim().max(100).optional(),
    }),
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
    body: z.object(templateFields).partial(),
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
