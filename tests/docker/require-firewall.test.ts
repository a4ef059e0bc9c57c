import { expect, test } from 'vitest'
import { createRuntimeWorld } from './runtime-world.ts'

/** A machine on which no rule can be set. */
const withoutFirewall = {
  runProgram: async () => ({ code: 4, stdout: '', stderr: 'Permission denied (you must be root)' }),
}

test('[Q15] a node that requires its firewall makes no container without it, nor a network', async () => {
  const world = await createRuntimeWorld(
    { network: { requireFirewall: true } },
    null,
    withoutFirewall,
  )
  const order = world.order('echo out')

  const made = world.runtime.create(order)

  await expect(made).rejects.toMatchObject({
    fault: 'refused',
    message: expect.stringContaining('Permission denied (you must be root)'),
  })
  expect(await world.runtime.list()).toEqual([])
  const networks = await world.docker.listNetworks()
  expect(networks.filter(({ Name }) => Name.includes(order.marks.serverId))).toEqual([])
})

test('a node that does not require it runs servers without, and its facts warn of it', async () => {
  const world = await createRuntimeWorld({}, null, withoutFirewall)

  const { id } = await world.run(world.order('echo out'))

  expect(await world.output(id)).toEqual(['out'])
  expect((await world.runtime.facts()).warnings.join()).toContain('no firewall rules')
})
