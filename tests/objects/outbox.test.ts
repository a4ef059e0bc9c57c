import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { desired, newServerId, observed } from '../core/examples.ts'
import type { AgentDouble } from './agent-double.ts'
import { passAndRing } from './clock.ts'
import { until } from './until.ts'
import { World } from './world.ts'

describe('the outbox', () => {
  test('[L1] numbers grow, also after it was empty and after an eviction', async () => {
    const { world, agent, serverId } = await running()
    agent.say(seen(serverId, 'stopped'))
    await until(() => world.ledger.of('server.observed')[0], 'the first state')
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })
    agent.say(seen(serverId, 'starting'))
    await until(() => world.ledger.of('server.observed')[1], 'the second state')

    const numbers = world.ledger.applied.map((event) => event.eventNo)
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
    expect(numbers.length).toBeGreaterThanOrEqual(3)
  })

  test.each(['down', 'throws'] as const)(
    '[L2] keeps events while the ledger is %s and retries by the alarm',
    async (mood) => {
      const { world, agent, serverId } = await running()
      world.ledger.mood = mood
      const attempts = world.ledger.attempts
      agent.say(seen(serverId, 'stopped'))
      await until(() => world.ledger.attempts > attempts, 'an attempt')
      await passAndRing(world, 1500)
      await until(() => world.ledger.attempts > attempts + 1, 'another')
      world.ledger.mood = 'well'
      await evictDurableObject(world.stub, { webSockets: 'hibernate' })
      await passAndRing(world, 60_000)

      await until(() => world.ledger.of('server.observed')[0], 'the event')
      expect(world.ledger.of('server.observed')).toHaveLength(1)
    },
  )

  test('[L1] an event whose answer was lost is applied once, and what follows it too', async () => {
    const { world, agent, serverId } = await running()
    world.ledger.mood = 'lost'
    agent.say(seen(serverId, 'stopped'))
    await until(() => world.ledger.of('server.observed')[0], 'the event')
    world.ledger.mood = 'well'
    agent.say(seen(serverId, 'starting'))
    await passAndRing(world, 5000)

    await until(() => world.ledger.of('server.observed').length === 2, 'the second event')
    await passAndRing(world, 60_000)
    const states = world.ledger.of('server.observed').map((event) => event.observed.state)
    expect(states).toEqual(['stopped', 'starting'])
  })

  test('[L1] an object that lost its newest storage numbers on from what the ledger has', async () => {
    const { world, agent, serverId } = await running()
    world.ledger.highest = 5000
    agent.say(seen(serverId, 'stopped'))
    await until(() => world.ledger.of('server.observed')[0], 'the event')
    agent.say(seen(serverId, 'starting'))
    await until(() => world.ledger.of('server.observed')[1], 'the next event')

    const numbers = world.ledger.of('server.observed').map((event) => event.eventNo)
    expect(numbers.every((eventNo) => eventNo > 5000)).toBe(true)
    expect(world.ledger.of('server.observed')).toHaveLength(2)
  })

  test('[L2] while the ledger is away, reports of one thing become the newest', async () => {
    const { world, agent, serverId } = await running()
    const other = newServerId()
    await world.push(desired(other))
    world.ledger.mood = 'down'
    for (const state of ['stopped', 'starting', 'running'] as const) {
      agent.say(seen(serverId, state))
    }
    agent.say(seen(other, 'stopped'))
    agent.say(seen(serverId, 'stopping'))
    await until(async () => (await states()) === 'stopping', 'all of them')
    world.ledger.mood = 'well'
    await passAndRing(world, 60_000)

    await until(() => world.ledger.of('server.observed').length >= 2, 'the events')
    expect(
      world.ledger.of('server.observed').map(({ observed: it }) => [it.serverId, it.state]),
    ).toEqual([
      [other, 'stopped'],
      [serverId, 'stopping'],
    ])

    async function states() {
      const browser = await world.browse(serverId)
      const hello = await browser.next('hello')
      browser.close()
      return hello.observed?.state
    }
  })

  test('[L2] a ledger that is away does not hold up the agent', async () => {
    const { world, agent, serverId } = await running()
    world.ledger.mood = 'down'

    const id = await world.install(serverId)

    expect(await agent.next('command')).toMatchObject({ id })
  })
})

async function running() {
  const world = await World.enrolled()
  const serverId = newServerId()
  await world.push(desired(serverId))
  const agent = await world.connect()
  await until(() => world.ledger.of('node.online')[0], 'node.online')
  return { world, serverId, agent }
}

function seen(serverId: Parameters<typeof observed>[0], state: Parameters<typeof observed>[1]) {
  return { type: 'observed', observed: observed(serverId, state) } satisfies Parameters<
    AgentDouble['say']
  >[0]
}
