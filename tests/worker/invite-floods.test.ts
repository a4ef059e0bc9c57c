import { expect, test } from 'vitest'
import { ownership, subUsers } from '../../contract/api/sub-users.ts'
import { setUpMail } from '../support/mail-settings.ts'
import { sharedServer } from './shared-server.ts'

async function withMail() {
  const shared = await sharedServer({ subUsersPerServer: 1000 })
  await setUpMail(shared.w)
  const { owner, serverId } = shared
  const invite = async (email: string, by = owner) => {
    const body = JSON.stringify({ email, preset: 'power' })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', body, headers }
    return (await by.send(`/api/servers/${serverId}/invites`, init)).status
  }
  const repeat = async (times: number, ask: (no: number) => Promise<number>) => {
    const statuses: number[] = []
    for (let no = 0; no < times; no += 1) statuses.push(await ask(no))
    return statuses
  }
  return { ...shared, invite, repeat }
}

test('nobody’s mailbox is filled with invitations, whoever makes them and of whatever kind', async () => {
  const { w, owner, serverId, invite, repeat } = await withMail()
  const other = await w.user()
  const { id: otherServer } = await w.addServer({ ownerId: other.id })

  w.mail.willTake(7)
  const statuses = await repeat(6, () => invite('victim@example.org'))
  const email = 'victim@example.org'
  const offered = await owner.fails(ownership.set, { serverId, email })
  const asked = { serverId: otherServer, email, preset: 'power' } as const
  const byAnother = await other.fails(subUsers.invite, asked)
  await w.settled()

  expect(statuses).toEqual([201, 201, 201, 201, 201, 429])
  expect([offered.code, byAnother.code]).toEqual(['too_many_attempts', 'too_many_attempts'])
  expect(await invite('somebody@example.org')).toBe(201)
  w.clock.advance(1000)
  expect(await invite('victim@example.org')).toBe(201)
})

test('nobody has the panel write to the whole world', async () => {
  const { w, invite, repeat } = await withMail()
  w.mail.willTake(30)

  const statuses = await repeat(31, (no) => invite(`guest${no}@example.org`))

  expect(statuses.filter((status) => status === 201)).toHaveLength(30)
  expect(statuses.at(-1)).toBe(429)
})

test('where no mail is set up nothing is counted: whoever invites passes the link on', async () => {
  const { owner, serverId } = await sharedServer()
  for (let no = 0; no < 8; no += 1) {
    const asked = { serverId, email: 'guest@example.org', preset: 'power' } as const
    await owner.call(subUsers.invite, asked)
  }
})
