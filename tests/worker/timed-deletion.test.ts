import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { settings } from '../../contract/api/settings.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { panelUrl, setUpMail } from '../support/mail-settings.ts'
import { createWorld, type World } from '../support/world.ts'

const dayMs = 24 * 3_600_000
const rule = { deletePolicy: null, deleteAfterDays: 30, warnDaysBefore: 7 } as const

/** The session of somebody who signs in each day: those of this world last an hour. */
async function aServer(w: World, change: Parameters<World['addServer']>[0] = {}) {
  const owner = await w.rows.user()
  const { id, name } = await w.addServer({ ownerId: owner.id, ...change })
  const read = () => w.operator.call(servers.get, { serverId: id })
  const deletesAt = async () => (await read()).deletesAt
  return { id, name, owner, read, deletesAt }
}

async function days(w: World, count: number) {
  w.clock.advance(count * dayMs)
  await runWatchdog(w.deps)
}

const inDays = (w: World, count: number) => new Date(w.clock.now() + count * dayMs).toISOString()

async function entries(w: World, action: string) {
  return (await w.operator.page(audit.list, { action })).items
}

describe('a server that is suspended for long', () => {
  test('stays for ever unless the panel is set to delete it', async () => {
    const w = await createWorld()
    const server = await aServer(w)
    await w.operator.call(servers.suspend, { serverId: server.id })

    await days(w, 4000)

    expect(await server.read()).toMatchObject({ status: 'suspended', deletesAt: null })
  })

  test('is deleted when its time is over, after its owner was warned by mail', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await w.operator.call(settings.update, { suspension: rule })
    const server = await aServer(w)
    await w.operator.call(servers.suspend, { serverId: server.id, reason: 'Not paid' })
    const day = inDays(w, 30)
    expect(await server.deletesAt()).toBe(day)
    await days(w, 22.9)
    expect(w.mail.attempts).toEqual([])
    w.mail.willTake()

    await days(w, 0.1)
    await days(w, 6.9)
    const before = await server.read()
    await days(w, 0.1)
    await days(w, 1)

    expect(before).toMatchObject({ status: 'suspended', deletesAt: day })
    const [mail, ...others] = w.mail.attempts.map(({ letter }) => letter)
    expect(others).toEqual([])
    expect(mail).toMatchObject({ to: server.owner.email })
    for (const word of [server.name, 'Not paid', new Date(day).toUTCString(), panelUrl]) {
      expect(mail?.text).toContain(word)
    }
    expect(await server.read()).toMatchObject({ status: 'deleting' })
    const [warned] = await entries(w, 'server.warn_deletion')
    expect(warned).toMatchObject({ actorName: 'watchdog', after: { deletesAt: day } })
    expect(await entries(w, 'server.delete')).toMatchObject([
      { actorName: 'watchdog', targetId: server.id, before: { suspendedAt: expect.any(String) } },
    ])
    const asked = await w.operator.page(operations.listOfServer, { serverId: server.id })
    expect(asked.items.map(({ kind }) => kind)).toEqual(['server.delete'])
  })

  test('is not deleted before its owner had the days of the warning, however old it is', async () => {
    const w = await createWorld()
    const server = await aServer(w)
    await w.operator.call(servers.suspend, { serverId: server.id })
    await days(w, 400)

    await w.operator.call(settings.update, { suspension: rule })
    expect(await server.deletesAt()).toBe(inDays(w, 7))
    await days(w, 0)
    const day = await server.deletesAt()
    await days(w, 6.9)

    expect(await server.read()).toMatchObject({ status: 'suspended', deletesAt: day })
    await days(w, 0.1)
    expect((await server.read()).status).toBe('deleting')
    expect(w.mail.attempts).toEqual([])
  })

  test('begins anew when it is lifted, and when the setting changes after the warning', async () => {
    const w = await createWorld()
    await w.operator.call(settings.update, { suspension: rule })
    const [lifted, kept] = [await aServer(w), await aServer(w)]
    for (const { id } of [lifted, kept]) await w.operator.call(servers.suspend, { serverId: id })
    await days(w, 25)

    await w.operator.call(servers.unsuspend, { serverId: lifted.id })
    expect(await lifted.deletesAt()).toBeNull()
    await w.operator.call(servers.suspend, { serverId: lifted.id })
    expect(await lifted.deletesAt()).toBe(inDays(w, 30))
    await w.operator.call(settings.update, { suspension: { ...rule, deleteAfterDays: null } })
    await days(w, 100)
    await w.operator.call(settings.update, { suspension: rule })
    await days(w, 0)

    const left = await w.operator.page(servers.list, {})
    expect(left.items.map(({ status }) => status)).toEqual(['suspended', 'suspended'])
    expect(new Set(left.items.map(({ deletesAt }) => deletesAt))).toEqual(new Set([inDays(w, 7)]))
  })

  test('is left alone when the suspension ends by itself before', async () => {
    const w = await createWorld()
    await w.operator.call(settings.update, { suspension: rule })
    const server = await aServer(w)
    await w.operator.call(servers.suspend, { serverId: server.id, until: inDays(w, 29) })
    expect(await server.deletesAt()).toBeNull()

    await days(w, 25)
    await days(w, 40)

    expect(await server.read()).toMatchObject({ suspendedAt: null, status: 'stopped' })
    expect(await entries(w, 'server.warn_deletion')).toEqual([])
  })

  test('is one of many: each run takes some, and one whose node is away stops none', async () => {
    const w = await createWorld()
    await w.operator.call(settings.update, { suspension: rule })
    const all = []
    for (let made = 0; made < 25; made += 1) all.push(await aServer(w))
    for (const { id } of all) await w.operator.call(servers.suspend, { serverId: id })
    const first = all[0]
    if (first === undefined) throw new Error('there is no server')
    w.node((await first.read()).nodeId).broken = new Error('away')

    for (let run = 0; run < 2; run += 1) await days(w, run === 0 ? 30 : 0)
    for (let run = 0; run < 2; run += 1) await days(w, run === 0 ? 7 : 0)

    const { items } = await w.operator.page(servers.list, { limit: 100 })
    expect(items.map(({ status }) => status)).toEqual(all.map(() => 'deleting'))
  })

  test('whose owner cannot be mailed at the moment is deleted all the same: the panel showed the day', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await w.operator.call(settings.update, { suspension: rule })
    const server = await aServer(w)
    await w.operator.call(servers.suspend, { serverId: server.id })
    w.mail.will(
      ...Array.from({ length: 10 }, () => ({ taken: false, fault: 'failed', said: 'no' }) as const),
    )

    await days(w, 23)
    await days(w, 7)

    expect((await server.read()).status).toBe('deleting')
  })
})
