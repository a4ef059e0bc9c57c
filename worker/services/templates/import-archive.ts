import { Buffer } from 'node:buffer'
import {
  type ImportedFile,
  maxArchiveBytes,
  type templateDocuments,
} from '../../../contract/api/template-documents.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { TemplateId } from '../../../contract/ids.ts'
import { inTransaction } from '../../db/client.ts'
import { templates } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readArchive } from './archive.ts'
import { checkTemplate } from './check.ts'
import { type ReadTemplate, readTemplateText } from './eggs/read-template.ts'
import { insertTemplates } from './insert.ts'
import type { ArchiveFile } from './tar.ts'

/**
 * Adds a template from each egg of an archive. What is none, or has a name that is in use, is told and
 * left out; all others come in together.
 */
export async function importArchive(
  ctx: Ctx,
  { archive, category }: Input<typeof templateDocuments.importArchive>,
): Promise<ImportedFile[]> {
  const bytes = Buffer.from(archive, 'base64')
  if (bytes.length > maxArchiveBytes) throw new AppError('too_large')
  const files = readArchive(bytes).map((file) => readFile(file, category))
  return inTransaction(ctx.db, async (tx) => {
    const known = await tx.select({ name: templates.name }).from(templates)
    const outcomes = refuseTaken(files, new Set(known.map(({ name }) => name)))
    const read = outcomes.flatMap(({ read }) => (read === null ? [] : [read]))
    const ids = await insertTemplates(
      tx,
      ctx,
      read.map(({ body, format, document }) => ({ body, source: { format, document } })),
    )
    const made = read.map(({ body }) => body.name)
    await audit(tx, ctx, { action: 'template.import_archive', target: null, after: { made } })
    return outcomesOf(outcomes, ids)
  })
}

interface Outcome {
  readonly path: string
  readonly read: ReadTemplate | null
  readonly error: string | null
}

function readFile({ path, bytes }: ArchiveFile, category: string | undefined): Outcome {
  try {
    const read = readTemplateText(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes),
    )
    const body = category === undefined ? read.body : { ...read.body, category }
    checkTemplate(body)
    return { path, read: { ...read, body }, error: null }
  } catch (error) {
    return { path, read: null, error: sentenceOf(error) }
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof TypeError) return 'This is no text in UTF-8.' // that is how a decoder says it
  if (!(error instanceof AppError)) throw error
  const [first] = Array.isArray(error.details) ? error.details : []
  return first?.message ?? error.message
}

function refuseTaken(files: readonly Outcome[], taken: ReadonlySet<string>): Outcome[] {
  const names = new Set(taken)
  return files.map((file) => {
    const name = file.read?.body.name
    if (name === undefined) return file
    if (names.has(name))
      return { ...file, read: null, error: `A template is named "${name}" already.` }
    names.add(name)
    return file
  })
}

function outcomesOf(outcomes: readonly Outcome[], ids: readonly TemplateId[]): ImportedFile[] {
  const left = [...ids]
  return outcomes.map(({ path, read, error }) => {
    const id = read === null ? undefined : left.shift()
    const template = read === null || id === undefined ? null : { id, name: read.body.name }
    return { path, template, error, report: [...(read?.report ?? [])] }
  })
}
