import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { OperationId, ServerId, TemplateId, UserId } from '../../contract/ids.ts'
import { runProgram } from '../../local/run-program.ts'
import { freePort } from '../support/free-port.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { ensureTestImage } from '../support/test-image.ts'
import { until } from '../support/until.ts'

const patience = 40_000

describe('[D6] a suspension, on a real agent', () => {
  let stack: Stack
  let ownerId: UserId
  let serverId: ServerId
  const made: ServerId[] = []

  beforeAll(async () => {
    stack = await startStack()
    const owner = { email: 'ann@example.org', name: 'Ann', password: 'a long enough password' }
    ownerId = (await stack.call(users.create, owner)).id
    const { id } = await stack.call(templates.create, {
      ...{ name: 'Idler', image: await ensureTestImage(), stopGraceSeconds: 1 },
      ...{ startup: 'busybox sleep 100000', startupMode: 'argv' as const },
    })
    const server = await create(id)
    await ended(server.operationId)
    serverId = server.id
  })
  afterAll(async () => {
    try {
      for (const id of made) await stack.call(servers.delete, { serverId: id })
      const all = async () => (await stack.call(servers.list, {})) as readonly unknown[] // one page
      await until(async () => (await all()).length === 0, 'deletion', patience)
    } finally {
      await stack.stop()
      removeStack(stack.dataDir)
    }
  })

  const create = async (templateId: TemplateId) => {
    const [node] = await stack.call(nodes.list, {})
    const created = await stack.call(servers.create, {
      ...{ name: 'Idler', templateId, ownerId, primaryPort: await freePort() },
      ...{ allocatedMemoryMb: 64, allocatedCpuCores: 0.1, allocatedDiskMb: 64 },
      ...(node === undefined ? {} : { nodeId: node.id }),
    })
    made.push(created.id)
    return created
  }
  const ended = (operationId: OperationId) =>
    until(
      async () => {
        const operation = await stack.call(operations.get, { operationId })
        return operation.endedAt === null ? null : operation
      },
      'the end of the work',
      patience,
    )
  const seen = (id = serverId) => stack.call(servers.get, { serverId: id })
  /** The node has taken in what is wanted, and the server is at rest. */
  const isAtRest = async (id = serverId) => {
    const { state, pending } = await seen(id)
    return state === 'stopped' && !pending
  }
  const isUp = async (id = serverId) =>
    (await runProgram('docker', ['ps', '--quiet', `--filter=name=catalyst-${id}`])).trim() !== ''
  const run = async () => {
    const { operationId } = await stack.call(servers.start, { serverId })
    expect(await ended(operationId)).toMatchObject({ state: 'succeeded' })
    expect(await isUp()).toBe(true)
  }
  const agent = () => {
    try {
      return stack.processId('agent')
    } catch {
      return null // the launcher is starting another one
    }
  }
  const killAgent = () => {
    const before = stack.processId('agent')
    process.kill(before, 'SIGKILL')
    return until(() => agent() !== null && agent() !== before, 'another agent', patience)
  }

  test('that comes while the agent hangs stops the server when the next agent runs', async () => {
    await run()
    process.kill(stack.processId('agent'), 'SIGSTOP')

    await stack.call(servers.suspend, { serverId, reason: 'Not paid' })
    expect(await seen()).toMatchObject({ status: 'suspended', state: 'running', pending: true })
    expect(await isUp()).toBe(true)
    await killAgent()

    await until(() => isAtRest(), 'rest', patience)
    expect(await isUp()).toBe(false)
    expect(await seen()).toMatchObject({ status: 'suspended', suspensionReason: 'Not paid' })
  })

  test('holds on an agent that starts without a panel, whoever starts the container', async () => {
    const panel = [stack.processId('panel'), stack.workerd()]
    for (const id of panel) process.kill(id, 'SIGSTOP')
    try {
      await killAgent()
      await runProgram('docker', ['start', `catalyst-${serverId}`])
      expect(await isUp()).toBe(true)
      await killAgent()

      await until(async () => !(await isUp()), 'the container to be stopped', patience)
    } finally {
      for (const id of panel) process.kill(id, 'SIGCONT')
    }
    await until(() => isAtRest(), 'rest', patience)
    expect((await seen()).status).toBe('suspended')
  })

  test('that was lifted leaves the server stopped until somebody starts it', async () => {
    await stack.call(servers.unsuspend, { serverId })
    await until(() => isAtRest(), 'rest', patience)

    expect(await seen()).toMatchObject({ suspendedAt: null, suspensionReason: null })
    expect(await isUp()).toBe(false)
    await run()
  })

  test('lets an installation that runs come to its end, and nothing begin after it', async () => {
    const { id: templateId } = await stack.call(templates.create, {
      ...{ name: 'Slow', image: await ensureTestImage(), startup: 'busybox sleep 100000' },
      ...{ installEntrypoint: 'busybox sh', startupMode: 'argv' as const },
      installScript: 'until busybox test -e /data/go; do busybox sleep 0.1; done',
    })
    const server = await create(templateId)
    const container = `catalyst-install-${server.id}`
    const isInstalling = () =>
      runProgram('docker', ['exec', container, 'busybox', 'true']).catch(() => null)
    await until(async () => (await isInstalling()) !== null, 'the script', patience)

    await stack.call(servers.suspend, { serverId: server.id })
    await runProgram('docker', ['exec', container, 'busybox', 'touch', '/data/go'])

    expect(await ended(server.operationId)).toMatchObject({ state: 'succeeded' })
    await until(() => isAtRest(server.id), 'rest', patience)
    for (const refused of [servers.start, servers.install] as const) {
      await expect(stack.call(refused, { serverId: server.id })).rejects.toMatchObject({
        code: 'server_suspended',
      })
    }
    expect(await isUp(server.id)).toBe(false)
  })
})
