import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodes } from '../../contract/api/nodes.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { templates } from '../../contract/api/templates.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { CloseCode } from '../../contract/protocol/frames.ts'
import { observed } from '../core/examples.ts'
import { dumpOf } from '../faults/dump.ts'
import { type ScriptedAgent, ScriptedNode } from '../faults/scripted-agent.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const mebibyte = 1024 * 1024
const success = { outcome: 'succeeded', code: null, message: null } as const

describe('an agent that lies, on a real socket', () => {
  let stack: Stack
  let victim: ScriptedNode
  let liar: ScriptedNode
  /** Of the victim: a server, and a command that was sent and not accepted. */
  let serverId: ServerId
  let sent: { readonly id: OperationId; readonly seq: number }
  let before: ReturnType<typeof dumpOf>

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
    victim = await ScriptedNode.join(stack, 'victim')
    liar = await ScriptedNode.join(stack, 'liar')
    serverId = await serverOn(victim, 'of the victim')
    const agent = await victim.connect()
    sent = await agent.next('command')
    agent.close()
    const node = () => stack.call(nodes.get, { nodeId: victim.nodeId })
    await until(async () => (await node()).status === 'offline', 'the victim to be offline')
    before = await settledDump()
  })
  afterAll(async () => {
    await stack.stop()
    removeStack(stack.dataDir)
  })

  async function serverOn(node: ScriptedNode, name: string): Promise<ServerId> {
    const template = { name, image: 'example/none', startup: 'true' }
    const { id: templateId } = await stack.call(templates.create, template)
    const { id } = await stack.call(servers.create, {
      name,
      templateId,
      nodeId: node.nodeId,
      allocatedMemoryMb: 16,
      allocatedCpuCores: 0.05,
      allocatedDiskMb: 16,
    })
    return id
  }

  /** A liar of its own with a running server, for which two lines wait: the first was sent. */
  async function lines() {
    const node = await ScriptedNode.join(stack, crypto.randomUUID())
    const own = await serverOn(node, crypto.randomUUID())
    const agent = await node.connect()
    const install = await agent.next('command')
    agent.say({ type: 'done', id: install.id, seq: install.seq, result: success })
    agent.say({ type: 'observed', observed: observed(own, 'running') })
    const isUp = async () => (await stack.call(servers.get, { serverId: own })).state === 'running'
    await until(isUp, 'the server to run')
    const type = (command: string) => stack.call(servers.command, { serverId: own, command })
    const { operationId } = await type('first')
    const { operationId: second } = await type('second')
    const first = await until(() => agent.of('command').find(({ id }) => id === operationId))
    return { node, agent, serverId: own, first, second }
  }

  const list = (of: ServerId) => stack.call(operations.listOfServer, { serverId: of })

  async function installOf(of: ServerId) {
    const [install] = (await list(of)).filter(({ kind }) => kind === 'server.install')
    if (install === undefined) throw new Error('no installation was asked for')
    return install
  }

  const stateOf = async (operationId: OperationId) =>
    (await stack.call(operations.get, { operationId })).state

  /** What is kept of the victim, once its reports have reached the ledger. */
  async function settledDump() {
    return until(() => {
      const dump = dumpOf(stack, victim.nodeId)
      return dump.object.outbox?.length === 0 ? dump : null
    }, 'an empty outbox')
  }

  /** Everything said so far on the socket was read: the object answers a frame of an older epoch at last. */
  async function heardOut(agent: ScriptedAgent): Promise<void> {
    agent.raw({ type: 'observed_end', epoch: agent.epoch + 1_000 })
    await agent.next('fenced')
    await agent.end()
  }

  const expectVictimUntouched = async () => expect(await settledDump()).toEqual(before)

  test('[N9] speaks of what is not its own, and nothing outside its node changes', async () => {
    const agent = await liar.connect()
    const { id, seq } = sent
    agent.say({ type: 'accepted', id, seq })
    agent.say({
      type: 'progress',
      id,
      progress: { percent: 50, bytes: null, message: 'mine' },
      log: ['mine'],
    })
    agent.say({ type: 'done', id, seq, result: success })
    agent.say({ type: 'observed', observed: observed(serverId, 'removed') })
    agent.say({ type: 'observed', observed: observed(serverId, 'crashed') })
    const at = new Date().toISOString()
    const lines = [{ seq: 1, at, stream: 'stdout' as const, text: 'mine' }]
    agent.say({ type: 'console', serverId, lines })
    const callId = crypto.randomUUID()
    agent.say({ type: 'reply', callId, reply: { ok: true, lines } })
    await heardOut(agent)

    await expectVictimUntouched()
    expect(await installOf(serverId)).toMatchObject({ state: 'queued', percent: null })
    expect((await stack.call(servers.logs, { serverId })).logs).toEqual([])
  })

  test('[N1, N3] comes with its own key to another node, and is shut out', async () => {
    const agent = liar.dial(victim.nodeId)
    await liar.greet(agent, { nodeId: victim.nodeId })
    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })

    const other = liar.dial()
    await liar.greet(other, { nodeId: victim.nodeId })
    expect(await other.end()).toMatchObject({ code: CloseCode.unauthorized })
    await expectVictimUntouched()
  })

  test('[Q2, Q8] tells results of what was never sent to it, and they count for nothing', async () => {
    const { agent, first, second } = await lines()
    agent.say({ type: 'accepted', id: second, seq: first.seq + 1 })
    agent.say({ type: 'done', id: second, seq: first.seq + 1, result: success })
    agent.say({ type: 'done', id: first.id, seq: first.seq + 7, result: success })
    await heardOut(agent)

    expect(await stateOf(second)).toBe('queued')
    expect(await stateOf(first.id)).toBe('queued')
  })

  test('[Q4] tells a second, other result, and the first one stays', async () => {
    const { agent, first } = await lines()
    const { id, seq } = first
    agent.say({ type: 'done', id, seq, result: success })
    await until(async () => (await stateOf(id)) === 'succeeded', 'the first result')
    const failure = { outcome: 'failed', code: 'internal', message: 'after all' } as const
    agent.say({ type: 'done', id, seq, result: failure })
    await heardOut(agent)

    expect(await stateOf(id)).toBe('succeeded')
  })

  test('[N4] speaks in an older epoch, is fenced and closed, and is not believed', async () => {
    const { node, agent, first } = await lines()
    const again = await node.connect()
    expect(await agent.end()).toMatchObject({ code: CloseCode.replaced })
    const { id, seq } = first
    again.raw({ type: 'done', epoch: agent.epoch, id, seq, result: success })

    expect(await again.next('fenced')).toMatchObject({ epoch: agent.epoch, current: again.epoch })
    expect(await again.end()).toMatchObject({ code: CloseCode.replaced, reason: 'fenced' })
    expect(await stateOf(id)).toBe('queued')
  })

  test.each([
    ['no JSON', '{"type":'],
    ['null', 'null'],
    ['a list', '[1,2,3]'],
    ['an unknown type', '{"type":"dance","epoch":1}'],
    ['a wrong field', '{"type":"accepted","epoch":1,"id":"x","seq":1}'],
    ['a number out of range', '{"type":"observed_end","epoch":1e999}'],
    ['a binary frame', Buffer.from([1, 2, 3])],
    ['a frame over 256 KiB', JSON.stringify({ type: 'x', fill: 'x'.repeat(262_144) })],
    ['a frame of almost 32 MiB', 'x'.repeat(32 * mebibyte - 64)],
  ])('[N8] sends %s, and is closed with a reason', async (_what, frame) => {
    const agent = await liar.connect()
    agent.raw(frame)

    const end = await agent.end()
    expect(end.code).toBe(CloseCode.protocol)
    expect(end.reason).not.toBe('')
    await expectVictimUntouched()
  })

  test('[N8] sends more than 32 MiB at once, and its link is over: the platform reads no more', async () => {
    const agent = await liar.connect()
    const node = () => stack.call(nodes.get, { nodeId: liar.nodeId })
    await until(async () => (await node()).status === 'online', 'the liar to be online')
    agent.raw('x'.repeat(33 * mebibyte))

    await until(async () => (await node()).status === 'offline', 'the liar to be offline')
    agent.close()
    await expectVictimUntouched()
  })

  test('[N10] floods, is told to slow down, is still heard, and holds up nobody', async () => {
    const { agent, first, serverId: own } = await lines()
    const at = new Date().toISOString()
    for (let seq = 1; seq <= 6_000; seq += 1) {
      const printed = [{ seq, at, stream: 'stdout' as const, text: `line ${seq}` }]
      agent.say({ type: 'console', serverId: own, lines: printed })
    }
    agent.say({ type: 'done', id: first.id, seq: first.seq, result: success })
    const other = await stack.call(servers.get, { serverId })
    await agent.next('slow_down')
    await until(async () => (await stateOf(first.id)) === 'succeeded', 'a result after the flood')
    await heardOut(agent)

    expect(other.id).toBe(serverId)
    const { logs } = await stack.call(servers.logs, { serverId: own, lines: 1000 })
    expect(Number(logs.at(-1)?.text.slice('line '.length))).toBeLessThanOrEqual(2_000)
    await expectVictimUntouched()
  })
})
