import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import { operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'
import { openStates } from '../operations/states.ts'
import { tell } from '../tell.ts'

/** Objects that are asked at the same time: a request may hold six connections. */
const atOnce = 5
const minuteMs = 60_000
const digits = '0123456789abcdef'

/**
 * Wakes objects that may have slept through what was due: each minute those of nodes with work that has
 * not ended, and of all that look online the sixteenth part whose minute it is, so that an idle object
 * sleeps and is looked after all the same.
 */
export async function pokeNodes(deps: Deps): Promise<void> {
  const { db, clock } = deps
  const busy = db
    .selectDistinct({ id: operations.nodeId })
    .from(operations)
    .where(inArray(operations.state, openStates))
  const minute = Math.floor(clock.now() / minuteMs) % digits.length
  // The end of an id is random, so that each minute has about as many as the next.
  const isItsMinute = sql`substr(${nodes.id}, -1) = ${digits.charAt(minute)}`
  const due = await db
    .select({ id: nodes.id })
    .from(nodes)
    .where(
      and(
        isNotNull(nodes.enrolledAt),
        or(inArray(nodes.id, busy), and(eq(nodes.online, true), isItsMinute)),
      ),
    )
  for (let from = 0; from < due.length; from += atOnce) {
    const some = due.slice(from, from + atOnce)
    await Promise.all(some.map(({ id }) => tell(deps, 'poke', () => deps.nodes.of(id).poke())))
  }
}
