import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodes } from '../../contract/api/nodes.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { NodeId, OperationId, ServerId } from '../../contract/ids.ts'
import { runProgram } from '../../local/run-program.ts'
import { type BareHost, openBareHost } from '../support/bare-host.ts'
import { freePort } from '../support/free-port.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { ensureTestImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'

const patience = 40_000

describe('two agents on one engine', () => {
  let stack: Stack
  let second: BareHost
  let line: string
  const serverIds: ServerId[] = []

  beforeAll(async () => {
    stack = await startStack()
    second = openBareHost({ systemd: false })
  })
  afterAll(async () => {
    try {
      for (const serverId of serverIds) await stack.call(servers.delete, { serverId })
      const all = async () => (await stack.call(servers.list, {})) as readonly unknown[] // one page
      await until(async () => (await all()).length === 0, 'deletion', patience)
    } finally {
      await second.remove()
      await stack.stop()
      removeStack(stack.dataDir)
    }
  })

  const ended = async (operationId: OperationId) => {
    const operation = await until(
      async () => {
        const now = await stack.call(operations.get, { operationId })
        return now.endedAt === null ? null : now
      },
      'the end of the work',
      patience,
    )
    expect(operation).toMatchObject({ state: 'succeeded' })
  }
  const online = (nodeId: NodeId) =>
    until(async () => (await stack.call(nodes.get, { nodeId })).status === 'online', 'online')
  const statuses = async () =>
    Promise.all(
      serverIds.map(async (serverId) => (await stack.call(servers.get, { serverId })).status),
    )
  /** Container, its owner and when it was started, for each server. */
  const containers = () =>
    Promise.all(
      serverIds.map((serverId) =>
        runProgram('docker', [
          'inspect',
          '--format={{.Id}} {{.State.StartedAt}} {{index .Config.Labels "io.catalyst.owner"}}',
          `catalyst-${serverId}`,
        ]),
      ),
    )

  test('each run their own servers', async () => {
    const [first] = await stack.call(nodes.list, {})
    const added = await stack.call(nodes.create, { name: 'second', publicAddress: '127.0.0.1' })
    line = (await stack.call(nodes.makeJoinToken, { nodeId: added.id })).command
    expect(await second.paste(line)).toMatchObject({ code: 0 })
    const template = await stack.call(templates.create, {
      name: 'Idler',
      image: await ensureTestImage(),
      startup: 'busybox sleep 100000',
      startupMode: 'argv',
      stopGraceSeconds: 1,
    })

    for (const nodeId of [first?.id ?? added.id, added.id]) {
      await online(nodeId)
      const created = await stack.call(servers.create, {
        name: 'Idler',
        templateId: template.id,
        nodeId,
        allocatedMemoryMb: 64,
        allocatedCpuCores: 0.1,
        allocatedDiskMb: 64,
        primaryPort: await freePort(),
      })
      serverIds.push(created.id)
      await ended(created.operationId)
      await ended((await stack.call(servers.start, { serverId: created.id })).operationId)
    }

    expect(await statuses()).toEqual(['running', 'running'])
    const owners = (await containers()).map((text) => text.trim().split(' ')[2])
    expect(new Set(owners).size).toBe(2)
  })

  test('leave each other’s alone when they start anew', async () => {
    const before = await containers()
    const agents = [stack.processId('agent'), second.agent()]

    process.kill(stack.processId('agent'), 'SIGKILL')
    expect(await second.paste(line)).toMatchObject({ code: 0 })
    await until(() => stack.processId('agent') !== agents[0], 'another agent')
    for (const { id } of await stack.call(nodes.list, {})) await online(id)

    expect(second.agent()).not.toBe(agents[1])
    await until(async () => (await statuses()).every((status) => status === 'running'), 'running')
    expect(await containers()).toEqual(before)
  })
})
