import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { nodes } from '../../contract/api/nodes.ts'
import type { NodeId } from '../../contract/ids.ts'
import { type BareHost, type BareHostOptions, openBareHost } from '../support/bare-host.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

describe('a machine becomes a node by the pasted line', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await startStack({ args: ['--no-agent'] })
  })
  afterAll(async () => {
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const host = (options: BareHostOptions) => {
    const opened = openBareHost(options)
    onTestFinished(() => opened.remove())
    return opened
  }
  const newNode = async (name: string) =>
    (await stack.call(nodes.create, { name, publicAddress: '127.0.0.1' })).id
  const lineFor = async (nodeId: NodeId) =>
    (await stack.call(nodes.makeJoinToken, { nodeId })).command
  const becomesOnline = (nodeId: NodeId) =>
    until(async () => {
      const node = await stack.call(nodes.get, { nodeId })
      return node.status === 'online' ? node : null
    }, 'online')
  const served = async () =>
    Buffer.from(await (await fetch(new URL('/agent/agent.mjs', stack.url))).arrayBuffer())
  const bundleOf = ({ programDir }: BareHost) => join(programDir, 'agent.mjs')

  test('without systemd, and the same line again updates its agent', async () => {
    const machine = host({ systemd: false })
    const nodeId = await newNode('without-systemd')
    const line = await lineFor(nodeId)

    const first = await machine.paste(line)
    expect(first.text).toMatch(/There is no systemd here\. Start the agent at boot with: /)
    expect(first.text).toMatch(/^ok +clock/m)
    expect(first.text).toContain('The node shows as online')
    expect(first.code).toBe(0)
    await becomesOnline(nodeId)
    const before = { agent: machine.agent(), identity: machine.identity() }

    appendFileSync(bundleOf(machine), '// an older one')
    const inode = statSync(bundleOf(machine)).ino
    const again = await machine.paste(line)

    expect(again.text).toContain('has joined with this line before; the agent is updated')
    expect(again.code).toBe(0)
    expect(readFileSync(bundleOf(machine)).equals(await served())).toBe(true)
    expect(statSync(bundleOf(machine)).ino).not.toBe(inode) // never half written
    expect(machine.agent()).not.toBe(before.agent)
    expect(machine.identity()).toMatchObject(before.identity)
    await becomesOnline(nodeId)
    const all = await stack.call(nodes.list, {})
    expect(all.filter(({ enrolled }) => enrolled).map(({ id }) => id)).toEqual([nodeId])
  })

  test('with systemd, as a service that is enabled and started', async () => {
    const machine = host({ systemd: true })
    const nodeId = await newNode('with-systemd')

    const pasted = await machine.paste(await lineFor(nodeId))

    expect(pasted.code, pasted.text).toBe(0)
    expect(machine.systemdCalls()).toEqual([
      'daemon-reload',
      'enable catalyst-agent',
      'restart catalyst-agent',
    ])
    const runs = `${bundleOf(machine)} run --data ${machine.dataDir}`
    expect(machine.unit()).toMatch(new RegExp(`^ExecStart=/\\S+/node ${runs}$`, 'm'))
    expect(machine.unit()).toMatch(/^Restart=always$/m)
    expect(machine.unit()).toMatch(/^KillMode=process$/m)
    await becomesOnline(nodeId)
  })

  test('whose Node is too old, with the locked one', async () => {
    const machine = host({ systemd: false, oldNode: true })
    const nodeId = await newNode('old-node')

    const pasted = await machine.paste(await lineFor(nodeId))

    expect(pasted.code, pasted.text).toBe(0)
    expect(pasted.text).toContain(`${machine.programDir}/node`)
    expect(pasted.text).toContain(`Node.js ${process.version}`)
    await becomesOnline(nodeId)
  })

  test('not with a token that was used on another machine', async () => {
    const [machine, other] = [host({ systemd: false }), host({ systemd: false })]
    const nodeId = await newNode('taken')
    const line = await lineFor(nodeId)
    expect(await machine.paste(line)).toMatchObject({ code: 0 })

    const refused = await other.paste(line)

    expect(refused.code).toBe(1)
    expect(refused.text).toContain('The join token is wrong, used or expired. Make a new one.')
    expect(refused.text).toContain('this machine did not join; nothing was changed on it')
    expect(other.agent()).toBeNull()
    await becomesOnline(nodeId)
  })

  test('whose agent goes on when a later line is refused', async () => {
    const machine = host({ systemd: true })
    const nodeId = await newNode('goes-on')
    const line = await lineFor(nodeId)
    expect(await machine.paste(line)).toMatchObject({ code: 0 })

    const refused = await machine.paste(line.replace(/--token \S+/, '--token nonsense'))

    expect(refused.code).toBe(1)
    await until(() => machine.agent(), 'the agent')
    await becomesOnline(nodeId)
  })

  test('not of a panel that is not there, or is none', async () => {
    const machine = host({ systemd: false })
    const line = await lineFor(await newNode('elsewhere'))
    const site = createServer((_asked, answer) => answer.end('<html>A site</html>'))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void site.close())
    const address = site.address()
    const port = typeof address === 'object' ? address?.port : 0
    const at = (panel: string) => machine.paste(line.replace(/--panel \S+/, `--panel ${panel}`))

    const nobody = await at('http://127.0.0.1:9')
    const somebody = await at(`http://127.0.0.1:${port}`)

    expect([nobody.code, somebody.code]).toEqual([1, 1])
    expect(nobody.text).toContain('error: http://127.0.0.1:9 has no agent to fetch; is it')
    expect(somebody.text).toContain(
      'its agent does not run; is it the address of a Catalyst panel?',
    )
    expect(machine.agent()).toBeNull()
  })
})
