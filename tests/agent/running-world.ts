import type { DesiredServer, Power } from '../../contract/protocol/spec.ts'
import { running } from '../support/server-fixtures.ts'
import { gameSpec, type InstalledWorld, installedWorld } from './agent-world.ts'

export const stop: Power = { wanted: 'stopped', startNo: 1, how: 'stop' }
export const kill: Power = { wanted: 'stopped', startNo: 1, how: 'kill' }

/** A world whose server runs. */
export async function runningWorld(spec = gameSpec) {
  const world = await installedWorld(spec)
  want(world, { generation: 2, power: running(1) })
  await world.panel.untilState(world.server.serverId, 'running')
  return world
}

/** Wants the server to be so, as far as it is named; the rest is as it was made. */
export function want({ panel, server }: InstalledWorld, change: Partial<DesiredServer>): void {
  panel.want({ ...server, ...change })
}

/** States in the order in which they were told, without repetitions. */
export function statesTold({ panel, server }: InstalledWorld): string[] {
  const states = panel
    .of('observed')
    .filter(({ observed }) => observed.serverId === server.serverId)
    .map(({ observed }) => observed.state)
  return states.filter((state, index) => state !== states[index - 1])
}
