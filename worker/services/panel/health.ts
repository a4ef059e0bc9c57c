import type { panel } from '../../../contract/api/panel.ts'
import type { Output } from '../../../contract/endpoint.ts'
import { isDatabaseFailure } from '../../db/client.ts'
import { readMeta } from '../../db/meta.ts'
import { version } from '../../version.ts'
import type { Ctx } from '../context.ts'

/** Answers also while the database does not: that is what it is asked for. */
export async function health({ db, clock }: Ctx): Promise<Output<typeof panel.health>> {
  try {
    const ranAt = await readMeta(db, 'watchdog_last_at')
    const ageMs = ranAt === null ? null : Math.max(0, clock.now() - Number(ranAt))
    const watchdogAgeSeconds = ageMs === null ? null : Math.round(ageMs / 1000)
    return { version, database: 'ok', watchdogAgeSeconds }
  } catch (error) {
    if (!isDatabaseFailure(error)) throw error
    return { version, database: 'down', watchdogAgeSeconds: null }
  }
}
