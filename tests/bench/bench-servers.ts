import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { BenchAgent, Panel } from './bench-agent.ts'
import { inLanes } from './lanes.ts'

/** What the bench's servers are made of. */
export const benchImage = 'bench/none'

/** Servers on one node; each is ordered to be installed, and its agent sees to that or does not. */
export async function benchServers(
  panel: Panel,
  { nodeId }: Pick<BenchAgent, 'nodeId'>,
  count: number,
): Promise<ServerId[]> {
  const { id: templateId } = await panel.call(templates.create, {
    name: `bench ${nodeId} ${count}`,
    image: benchImage,
    startup: 'true',
  })
  const made: ServerId[] = []
  await inLanes(8, Array.from({ length: count }).keys(), async (index) => {
    const { id } = await panel.call(servers.create, {
      name: `bench ${index}`,
      templateId,
      nodeId,
      allocatedMemoryMb: 16,
      allocatedCpuCores: 0.05,
      allocatedDiskMb: 16,
    })
    made.push(id)
  })
  return made
}
