import { expect, test } from 'vitest'
import { nodes } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { protocolVersion } from '../../contract/protocol/frames.ts'
import { nodes as rows } from '../../worker/db/schema/fleet.ts'
import { createWorld } from '../support/world.ts'

const engine = { name: 'docker', version: '27' }

test('a connected node says what is wrong with it, the same in lists as by itself', async () => {
  const cases = [
    { change: {}, problems: [] },
    { change: { engine: null }, problems: ['engine_down'] },
    { change: { diskFreeMb: 4_000 }, problems: ['disk_low'] },
    // Much for people, or for the disk, is enough.
    { change: { diskFreeMb: 11_000 }, problems: [] },
    { change: { diskMb: 20_000, diskFreeMb: 4_000 }, problems: [] },
    { change: { agentProto: protocolVersion - 1 }, problems: ['agent_outdated'] },
    {
      change: { engine: null, diskFreeMb: 10, agentProto: protocolVersion + 1 },
      problems: ['engine_down', 'disk_low', 'agent_outdated'],
    },
  ] as const
  for (const { change, problems } of cases) {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: nodeId, host, runtime } = await w.addNode()
    await w.addServer({ nodeId, ownerId: admin.id })
    if (host === null || runtime === null) throw new Error('the node has no facts')
    const given = { engine, diskMb: 500_000, diskFreeMb: 400_000, agentProto: null, ...change }
    await w.deps.db.update(rows).set({
      agentProto: given.agentProto,
      host: { ...host, diskMb: given.diskMb, diskFreeMb: given.diskFreeMb },
      runtime: { ...runtime, engine: given.engine },
    })

    const node = await admin.call(nodes.get, { nodeId })
    const [listed] = (await admin.page(servers.list, {})).items

    expect(node.problems).toEqual(problems)
    expect(node.status).toBe(problems.length === 0 ? 'online' : 'degraded')
    expect(listed?.nodeStatus).toBe(node.status)
  }
})

test('of a node that is away nothing is said but that', async () => {
  const w = await createWorld()
  const { id: nodeId } = await w.addNode({ online: false, agentProto: 0 })
  const node = await (await w.admin()).call(nodes.get, { nodeId })
  expect([node.status, node.problems]).toEqual(['offline', []])
})
