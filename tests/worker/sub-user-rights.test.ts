import { describe, expect, test } from 'vitest'
import { type BulkAction, bulk } from '../../contract/api/bulk.ts'
import { allEndpoints } from '../../contract/api/index.ts'
import { operations as endpoints, OperationKind } from '../../contract/api/operations.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { type Permission, subUserPermissions } from '../../contract/permissions.ts'
import type { Command } from '../../contract/protocol/commands.ts'
import { requestFor } from '../../contract/request.ts'
import { objectHeaders } from '../../contract/rpc.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { newId } from '../../worker/services/context.ts'
import { rightBehind } from '../../worker/services/operations/rights.ts'
import { createWorld, type World } from '../support/world.ts'
import { validInputs } from '../support/world-inputs.ts'
import { sharedServer } from './shared-server.ts'

/** A server with two sub-users: one has the right and may else only see it, the other all but the right. */
async function sharedFor(right: Permission) {
  const shared = await sharedServer()
  const holder = await shared.subUser(...[right].filter((name) => name !== 'server.read'))
  const others = subUserPermissions.filter((name) => name !== right && name !== 'server.read')
  return { ...shared, holder, lacker: await shared.subUser(...others) }
}

async function anOperation(
  w: World,
  {
    id,
    name,
    nodeId,
  }: { id: typeof operations.$inferInsert.serverId; name: string; nodeId: never },
  kind: OperationKind,
  change: Partial<typeof operations.$inferInsert> = {},
): Promise<OperationId> {
  const operationId = newId<OperationId>(w.deps)
  await w.deps.db.insert(operations).values({
    ...{ id: operationId, kind, state: 'queued', serverId: id ?? null, serverName: name, nodeId },
    ...{ nodeName: 'Node', actorKind: 'system', actorName: 'operator', log: ['a line'] },
    ...{ generation: 1, createdAt: w.clock.now(), command: commandOf(kind, id as never) },
    ...change,
  })
  return operationId
}

function commandOf(kind: OperationKind, serverId: Command['serverId']): Command | null {
  if (kind === 'server.install') return { type: kind, serverId, wipe: false }
  return kind === 'console.input' ? { type: kind, serverId, line: 'say hi' } : null
}

describe.each(OperationKind.options)('an operation %s', (kind) => {
  const right = rightBehind[kind]

  test(`is seen with its log, and called off, by a sub-user with ${right} alone`, async () => {
    const { w, holder, serverId, nodeId } = await sharedFor(right)
    w.node(nodeId).answers.commandLog = ['a line']
    const server = { id: serverId, name: 'A', nodeId: nodeId as never }
    const operationId = await anOperation(w, server, kind)

    const all = await holder.page(endpoints.list, {})
    const ofServer = await holder.page(endpoints.listOfServer, { serverId })
    const detail = await holder.call(endpoints.get, { operationId })
    const cancel = await holder.send(`/api/operations/${operationId}/cancel`, { method: 'POST' })

    expect(all.items.map(({ id }) => id)).toEqual([operationId])
    expect(ofServer.pagination.total).toBe(1)
    expect(detail.log).toEqual(['a line'])
    // What is not cancelled by anybody is refused for what it is, and not for who asks.
    const { code } = await cancel.json()
    expect(code ?? 'done').toBe(kind === 'server.delete' ? 'not_cancellable' : 'done')
  })

  test(`is hidden from a sub-user with every right but ${right}`, async () => {
    const { w, lacker, serverId, nodeId } = await sharedFor(right)
    const server = { id: serverId, name: 'A', nodeId: nodeId as never }
    const operationId = await anOperation(w, server, kind)
    const ended = await anOperation(w, server, kind, { state: 'failed', endedAt: w.clock.now() })

    const all = await lacker.page(endpoints.list, {})
    const ofServer = await lacker.page(endpoints.listOfServer, { serverId })
    const failures = [
      await lacker.fails(endpoints.get, { operationId }),
      await lacker.fails(endpoints.cancel, { operationId }),
      await lacker.fails(endpoints.retry, { operationId: ended }),
    ]

    expect([all.pagination.total, ofServer.pagination.total]).toEqual([0, 0])
    expect(failures.map(({ code }) => code)).toEqual(Array(3).fill('not_found'))
  })
})

describe('every endpoint of a server', () => {
  const ofServers = allEndpoints().flatMap(({ name, endpoint }) => {
    const { needs } = endpoint
    const isTheirs = (subUserPermissions as readonly string[]).includes(needs)
    return isTheirs && 'serverId' in endpoint.params.shape
      ? [{ name, endpoint, right: needs as Permission }]
      : []
  })

  test.each(ofServers)('$name is open with $right alone, and with all else is not', async (one) => {
    const w = await createWorld()
    const owner = await w.user()
    const make = Object.entries(validInputs(w, owner.id)).find(([name]) => name === one.name)?.[1]
    const input = (await make?.()) as { readonly serverId: ServerId } // each has it in its path
    const subUser = async (permissions: readonly Permission[]) => {
      const person = await w.user()
      await w.rows.subUser(input.serverId, person.id, ['server.read', ...permissions])
      return person
    }
    const lacker = await subUser(subUserPermissions.filter((name) => name !== one.right))
    const holder = await subUser([one.right])
    const { method, path, body } = requestFor(one.endpoint, input as never)
    const headers = { 'content-type': 'application/json' }
    const send = (who: typeof holder) => who.send(path, { method, body, headers })

    const lacking = await send(lacker)
    const holding = await send(holder)

    // Whoever has any access may see the server itself.
    if (one.right !== 'server.read') expect(lacking.status).toBe(403)
    const { code } = await holding.json()
    expect([undefined, 'exceeds_your_rights']).toContain(code)
  })
})

test('the console’s socket opens with console.read alone, and hears of what its user may see', async () => {
  const { w, serverId, nodeId, subUser, owner } = await sharedServer()
  const [reader, operator] = [await subUser('console.read'), await subUser('server.start')]
  const headers = { upgrade: 'websocket', connection: 'Upgrade' }
  const kinds: (string | null)[] = []
  w.node(nodeId).answers.connect = (request) => {
    kinds.push(request.headers.get(objectHeaders.kinds))
    return new Response('taken')
  }
  const connect = async (who: typeof owner) =>
    (await who.send(`/api/servers/${serverId}/socket`, { headers })).status

  expect(await connect(reader)).toBe(200)
  expect(await connect(operator)).toBe(403)
  expect(await connect(await subUser('console.read', 'server.stop'))).toBe(200)
  expect(await connect(owner)).toBe(200)
  expect(kinds).toEqual(['', 'server.stop,server.kill', OperationKind.options.join(',')])
})

test('many servers at once are judged one by one', async () => {
  const { w, serverId, subUser } = await sharedServer()
  const guest = await subUser('server.start')
  const own = await w.addServer({ ownerId: guest.id })
  const foreign = await w.addServer()
  const act = async (action: BulkAction) =>
    (await guest.call(bulk.servers, { serverIds: [serverId, own.id, foreign.id], action })).results

  const started = await act('start')
  const deleted = await act('delete')

  expect(started.map(({ code }) => code)).toEqual([null, null, 'not_found'])
  expect(deleted.map(({ code }) => code)).toEqual(['forbidden', null, 'not_found'])
})
