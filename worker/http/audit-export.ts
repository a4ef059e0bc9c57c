import { AuditExport, auditExportPath } from '../../contract/api/audit.ts'
import { AppError } from '../../contract/errors.ts'
import { exportLines } from '../services/audit-log/export.ts'
import { authenticate } from './authenticate.ts'
import { issuesOf } from './error-response.ts'
import type { Api } from './mount.ts'

const types = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' } as const

const door = { needs: 'admin.read' } as const

/**
 * The log as a file: no envelope, and no more of it in memory than one piece. A slow reader may take long, so
 * who asks is looked at for each piece: a right that is taken away breaks the file off.
 */
export function mountAuditExport(app: Api): void {
  app.get(auditExportPath, async (c) => {
    const ctx = await authenticate(c, door)
    const asked = AuditExport.safeParse(c.req.query())
    if (!asked.success) throw new AppError('invalid_input', issuesOf(asked.error))
    const { format, ...filter } = asked.data
    const lines = exportLines(ctx, filter, format)
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await authenticate(c, door)
          const { value, done } = await lines.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        },
        cancel: async () => {
          await lines.return(undefined)
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, {
      headers: {
        'content-type': types[format],
        'content-disposition': `attachment; filename="audit.${format}"`,
      },
    })
  })
}
