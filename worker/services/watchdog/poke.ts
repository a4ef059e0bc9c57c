import { and, asc, eq, gt, inArray, isNotNull, or } from 'drizzle-orm'
import { readMeta, setMeta } from '../../db/meta.ts'
import { operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'
import { openStates } from '../operations/states.ts'
import { tell } from '../tell.ts'

const perRun = 50

/**
 * Wakes objects that may have slept through what was due: those of nodes that look online, and of nodes
 * with work that has not ended. A fleet larger than one run is gone through in rotation.
 */
export async function pokeNodes(deps: Deps): Promise<void> {
  const { db } = deps
  const cursor = (await readMeta(db, 'watchdog_cursor')) ?? ''
  const busy = db
    .selectDistinct({ id: operations.nodeId })
    .from(operations)
    .where(inArray(operations.state, openStates))
  const after = await db
    .select({ id: nodes.id })
    .from(nodes)
    .where(
      and(
        isNotNull(nodes.enrolledAt),
        or(eq(nodes.online, true), inArray(nodes.id, busy)),
        gt(nodes.id, cursor),
      ),
    )
    .orderBy(asc(nodes.id))
    .limit(perRun)
  for (const { id } of after) await tell(deps, 'poke', () => deps.nodes.of(id).poke())
  const isRoundOver = after.length < perRun
  await setMeta(db, 'watchdog_cursor', isRoundOver ? '' : (after.at(-1)?.id ?? ''))
}
