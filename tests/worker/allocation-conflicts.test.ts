import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocations } from '../../contract/api/allocations.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { HostSocket } from '../../contract/rules/ports.ts'
import { allocations as rows } from '../../worker/db/schema/servers.ts'
import { everySocket, placesOf } from '../support/port-model.ts'
import { createWorld } from '../support/world.ts'

async function aNodeWithServers(count: number) {
  const w = await createWorld()
  const admin = await w.admin()
  const { id: nodeId } = await w.addNode()
  const made: ServerId[] = []
  const shared = { nodeId, ownerId: admin.id, templateId: (await w.addTemplate()).id }
  for (let port = 30_000; made.length < count; port += 1) {
    made.push((await w.addServer({ ...shared, port })).id)
  }
  const ask = (serverId: ServerId, { port, ...rest }: HostSocket) =>
    admin.send(allocations.create.path.replace(':serverId', serverId), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...rest, hostPort: port }),
    })
  return { w, admin, nodeId, servers: made, ask }
}

describe('a port', () => {
  test('is given and refused as a model says that knows single places only', async () => {
    const sockets = everySocket([5000, 5001])
    const asked = fc.array(fc.tuple(fc.nat(2), fc.nat(sockets.length - 1)), { maxLength: 30 })
    const { w, servers, ask } = await aNodeWithServers(3)
    await fc.assert(
      fc.asyncProperty(asked, async (requests) => {
        await w.deps.db.delete(rows)
        const taken = new Set<string>()
        for (const [server, at] of requests) {
          const [serverId, socket] = [servers[server], sockets[at]]
          if (serverId === undefined || socket === undefined) throw new Error('out of range')
          const places = placesOf(socket)
          const isFree = [...places].every((place) => !taken.has(place))

          const { status } = await ask(serverId, socket)

          expect(status, JSON.stringify(socket)).toBe(isFree ? 201 : 409)
          if (isFree) for (const place of places) taken.add(place)
        }
      }),
      { numRuns: 12 },
    )
  })

  test('[S6] of 200 requests that race for it on any and on single addresses, goes to no two', async () => {
    const { w, servers, ask } = await aNodeWithServers(20)
    const sockets = everySocket([5000])

    const racing = Array.from({ length: 200 }, (_, at) => {
      const serverId = servers[at % servers.length]
      const socket = sockets[(at * 7) % sockets.length]
      if (serverId === undefined || socket === undefined) throw new Error('out of range')
      return ask(serverId, socket)
    })
    const statuses = (await Promise.all(racing)).map(({ status }) => status)

    const given = (await w.deps.db.select().from(rows)).filter(({ port }) => port === 5000)
    const places = given.flatMap((row) => [...placesOf(row)])
    expect(new Set(places).size).toBe(places.length)
    expect(statuses.filter((status) => status === 201)).toHaveLength(given.length)
    expect(statuses.filter((status) => status === 409)).toHaveLength(200 - given.length)
    expect(given.length).toBeGreaterThan(0)
  })

  test('[S6] that 200 requests leave to the panel is another one for each', async () => {
    const { admin, servers, w } = await aNodeWithServers(20)

    const made = await Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        admin.call(allocations.create, { serverId: servers[at % 20] as ServerId }),
      ),
    )

    expect(new Set(made.map(({ hostPort }) => hostPort)).size).toBe(200)
    expect(await w.deps.db.select().from(rows)).toHaveLength(220)
  })
})
