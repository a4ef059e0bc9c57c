import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { migrate } from '../../durable-objects/storage/migrate.ts'
import { migrations } from '../../durable-objects/storage/migrations.ts'
import { desired, newServerId } from '../core/examples.ts'
import { passAndRing } from './clock.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'
import { value, World } from './world.ts'

/** As long as these objects take it to be: their timers are divided by ten. */
const hour = 360_000

test('an alarm whose work breaks does not throw, and is set again', async () => {
  const world = await World.enrolled()
  const serverId = newServerId()
  await world.push(desired(serverId))
  const id = await world.install(serverId, { deadline: Date.now() + 1000 })
  quiet()
  await sql(world, 'ALTER TABLE commands RENAME TO commands_away')

  const ran = await passAndRing(world, 1001)

  expect(ran).toBe(true)
  expect(await alarmOf(world)).not.toBeNull()
  await sql(world, 'ALTER TABLE commands_away RENAME TO commands')
  await passAndRing(world, 31_000)
  await until(() => world.ledger.statesOf(id).at(-1) === 'expired', 'the wake to be served')
})

test('an object that wakes without an alarm sets it', async () => {
  const world = await World.enrolled()
  await world.connect()
  await runInDurableObject(world.stub, (_object, state) => state.storage.deleteAlarm())
  await evictDurableObject(world.stub, { webSockets: 'hibernate' })

  await world.stub.link(world.nodeId)

  expect(await alarmOf(world)).not.toBeNull()
})

test('an idle node has no wake but the look at its link', async () => {
  const world = await World.enrolled()
  const agent = await world.connect()
  await until(() => world.ledger.of('node.online')[0], 'node.online')
  await passAndRing(world, 1001)
  await until(async () => (await wakes(world)).length === 1, 'all else to be done')

  expect(await wakes(world)).toEqual(['liveness'])
  agent.socket.close(1000, 'bye')
  await until(() => world.ledger.of('node.offline')[0], 'node.offline')
  await until(async () => (await wakes(world)).length === 0, 'nothing to be left')
})

test('a look at the link costs one alarm, which is set for the next look', async () => {
  const world = await World.enrolled()
  const agent = await world.connect()
  await until(() => world.ledger.pulls.length === 1, 'the pull of the hello')
  await passAndRing(world, 5000)
  agent.say({ type: 'observed_end' })
  await until(async () => (await world.stub.link(world.nodeId)).ok, 'the object to hear it')

  await until(async () => (await wakes(world)).length === 1, 'all else to be done')
  await passAndRing(world, 1001)

  await until(() => world.ledger.pulls.length === 2, 'the pull of the look')
  const inMs = ((await alarmOf(world)) ?? 0) - Date.now()
  expect(inMs).toBeGreaterThan(5000)
  expect(inMs).toBeLessThanOrEqual(6000)
})

test('an alert ends when nothing like it was seen for an hour', async () => {
  const world = await World.enrolled()
  await world.connect({ connNo: 7 })
  const late = async (connNo: number) =>
    (await world.dial()).hello(world.nodeId, world.key, { connNo })
  await late(6)
  await until(() => world.ledger.of('node.alert').length === 1, 'an alert')

  await passAndRing(world, hour / 2)
  await late(5)
  await until(() => world.ledger.of('node.alert').length === 2, 'another')
  await passAndRing(world, hour / 2)
  expect(world.ledger.of('node.alert_over')).toEqual([])
  await passAndRing(world, hour / 2)

  await until(() => world.ledger.of('node.alert_over').length === 1, 'its end')
  expect(await wakes(world)).not.toContain('alert')
})

test('a poke serves what is overdue, as when an alarm was lost', async () => {
  const world = await World.enrolled()
  const serverId = newServerId()
  await world.push(desired(serverId))
  const id = await world.install(serverId, { deadline: Date.now() })

  const view = value(await world.stub.poke(world.nodeId))

  await until(() => world.ledger.statesOf(id).at(-1) === 'expired', 'its end')
  expect(view.openCommands).toBe(0)
})

test('an alarm of an object that was forgotten does nothing', async () => {
  const world = await World.enrolled()
  value(await world.stub.forget(world.nodeId))
  await runInDurableObject(world.stub, (_object, state) => state.storage.setAlarm(Date.now() + 9e6))

  expect(await runDurableObjectAlarm(world.stub)).toBe(true)
})

test('tables are brought up to date step by step, each once', async () => {
  const world = await World.make()
  const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x)']

  const tables = await runInDurableObject(world.stub, (_object, { storage }) => {
    migrate(storage, steps.slice(0, 1))
    migrate(storage, steps)
    migrate(storage, steps)
    return storage.sql
      .exec(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .toArray()
      .map((row) => row.name)
  })

  expect(tables).toEqual(['_migrations', 'a', 'b'])
  expect(migrations.length).toBeGreaterThan(0)
})

async function sql(world: World, statement: string): Promise<void> {
  await runInDurableObject(world.stub, (_object, state) => {
    state.storage.sql.exec(statement)
  })
}

async function alarmOf(world: World): Promise<number | null> {
  return runInDurableObject(world.stub, (_object, state) => state.storage.getAlarm())
}

async function wakes(world: World): Promise<unknown[]> {
  return runInDurableObject(world.stub, (_object, state) =>
    state.storage.sql
      .exec('SELECT name FROM wakes')
      .toArray()
      .map((row) => row.name),
  )
}
