import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createDatabase } from '../support/world-database.ts'
import { createObjects, type Objects } from '../support/world-objects.ts'
import { rowsIn } from '../support/world-rows.ts'
import { inLanes } from './lanes.ts'
import { workerOn } from './worker-here.ts'

const runsOfAnHour = 60

/** How often the watchdog calls the object of one idle node in an hour, in a fleet of so many. */
export async function pokesOfAnHour(nodeCount: number): Promise<number> {
  const database = await createDatabase()
  try {
    const objects = createObjects()
    const deps = workerOn(database, objects)
    const rows = rowsIn(deps)
    const { id: locationId } = await rows.location()
    const nodes: { readonly id: Parameters<Objects['of']>[0] }[] = []
    await inLanes(8, Array.from({ length: nodeCount }).keys(), async () => {
      nodes.push(await rows.node({ locationId }))
    })
    for (let run = 0; run < runsOfAnHour; run += 1) await runWatchdog(deps)
    return nodes.reduce((sum, { id }) => sum + objects.of(id).pokes, 0) / nodeCount
  } finally {
    await database.close()
  }
}
