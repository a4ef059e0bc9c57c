import type { DemoState, panel as endpoints } from '../../../contract/api/panel.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { readMeta, setMeta } from '../../db/meta.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'

type Demo = Output<typeof endpoints.demo>

/** States in which asking for the demo begins something. */
const askable: readonly DemoState[] = ['offered', 'failed']

export function readDemo({ db }: Ctx): Promise<Demo> {
  return read(db)
}

/** @throws `demo_unavailable` where no launcher would take it up */
export async function wantDemo(ctx: Ctx): Promise<Demo> {
  return inTransaction(ctx.db, async (tx) => {
    const now = await read(tx)
    if (now.state === 'unavailable') throw new AppError('demo_unavailable')
    if (!askable.includes(now.state)) return now
    await audit(tx, ctx, { action: 'demo.want', target: null })
    return write(tx, { state: 'wanted', message: null })
  })
}

export async function reportDemo(
  ctx: Ctx,
  report: Input<typeof endpoints.reportDemo>,
): Promise<Demo> {
  return inTransaction(ctx.db, async (tx) => {
    const before = await read(tx)
    // What it is at comes every second and is nobody's deed.
    if (before.state !== report.state) {
      await audit(tx, ctx, { action: 'demo.report', target: null, before, after: report })
    }
    return write(tx, report)
  })
}

async function read(db: Queries): Promise<Demo> {
  const kept = await readMeta(db, 'demo')
  if (kept === null) return { state: 'unavailable', message: null }
  return JSON.parse(kept) // written below
}

async function write(tx: Queries, demo: Demo): Promise<Demo> {
  await setMeta(tx, 'demo', JSON.stringify(demo))
  return demo
}
