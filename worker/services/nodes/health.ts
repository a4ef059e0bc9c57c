import { type SQL, sql } from 'drizzle-orm'
import type { NodeProblem } from '../../../contract/api/nodes.ts'
import { protocolVersion } from '../../../contract/protocol/frames.ts'
import { type NodeRow, nodes } from '../../db/schema/fleet.ts'

/** Below both a disk is low: what is left of it, as a part and in MiB. */
const lowPart = 0.05
const lowMb = 10_240

/** What is wrong with a connected node, by what it told last. */
export function problemsOf({
  host,
  runtime,
  agentProto,
}: Pick<NodeRow, 'host' | 'runtime' | 'agentProto'>): NodeProblem[] {
  const problems: NodeProblem[] = []
  if (!runtime?.engine) problems.push('engine_down')
  if (host && host.diskFreeMb < lowMb && host.diskFreeMb < host.diskMb * lowPart) {
    problems.push('disk_low')
  }
  if (agentProto !== null && agentProto !== protocolVersion) problems.push('agent_outdated')
  return problems
}

/** `problemsOf` for lists, as the database can say it: 1 when there is none. A test holds both together. */
export const isWellColumn: SQL<number> = sql<number>`(
  json_extract(${nodes.runtime}, '$.engine') IS NOT NULL
  AND coalesce(${nodes.agentProto}, ${protocolVersion}) = ${protocolVersion}
  AND NOT coalesce(
    json_extract(${nodes.host}, '$.diskFreeMb') < ${lowMb}
    AND json_extract(${nodes.host}, '$.diskFreeMb') < json_extract(${nodes.host}, '$.diskMb') * ${lowPart},
    0
  )
)`
