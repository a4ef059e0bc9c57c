import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { settings } from '../../contract/api/settings.ts'
import { settings as settingsTable } from '../../worker/db/schema/panel.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { setUpMail, smtp } from '../support/mail-settings.ts'
import { createWorld } from '../support/world.ts'

const http = {
  transport: 'http',
  fromAddress: 'panel@example.org',
  fromName: 'Catalyst',
  panelUrl: 'https://panel.example.org',
  url: 'https://api.example.com/emails',
  key: 're_the-api-key',
} as const

describe('settings', () => {
  test('are what the environment says until somebody sets them, section by section', async () => {
    const w = await createWorld({ deleteWhileSuspended: 'allow', auditKeptDays: 90 })
    const admin = await w.admin()

    const fresh = await admin.call(settings.get, {})
    const changed = await admin.call(settings.update, { audit: { keptDays: 10 } })

    expect(fresh).toEqual({
      mail: { transport: 'none' },
      suspension: { deletePolicy: null, deleteAfterDays: null, warnDaysBefore: 7 },
      audit: { keptDays: null },
      environment: { deletePolicy: 'allow', auditKeptDays: 90 },
      mailQueue: { waiting: 0, failed: 0, lastError: null },
    })
    expect(changed).toEqual({ ...fresh, audit: { keptDays: 10 } })
    expect(await admin.call(settings.get, {})).toEqual(changed)
  })

  test('win over the environment: whether owners delete, and how long the log is kept', async () => {
    const w = await createWorld({ deleteWhileSuspended: 'block', auditKeptDays: 365 })
    const [admin, owner] = [await w.admin(), await w.user()]
    const { id: serverId } = await w.addServer({ ownerId: owner.id, suspendedAt: w.clock.now() })
    const suspension = { deletePolicy: 'allow', deleteAfterDays: null, warnDaysBefore: 7 } as const
    expect((await owner.fails(servers.delete, { serverId })).code).toBe('server_suspended')

    await admin.call(settings.update, { suspension, audit: { keptDays: 1 } })
    expect((await owner.call(servers.get, { serverId })).deletableWhileSuspended).toBe(true)
    await owner.call(servers.delete, { serverId })
    w.clock.advance(25 * 3_600_000)
    await runWatchdog(w.deps)

    expect((await w.operator.page(audit.list, {})).items).toEqual([])
  })

  test('are checked: a warning before the suspension, two lines for a name, a link that is none', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const wrong = [
      { suspension: { deletePolicy: null, deleteAfterDays: 3, warnDaysBefore: 4 } },
      { suspension: { deletePolicy: null, deleteAfterDays: 3, warnDaysBefore: 0 } },
      { audit: { keptDays: 0 } },
      { mail: { ...smtp, fromName: 'Catalyst\r\nBcc: everybody@example.com' } },
      { mail: { ...smtp, fromAddress: 'panel@example.org>\r\nRCPT TO:<a@b.example' } },
      { mail: { ...smtp, host: 'smtp.example.org:25' } },
      { mail: { ...smtp, host: 'smtp.example.org/x' } },
      { mail: { ...smtp, panelUrl: 'https://panel.example.org/path' } },
      { mail: { ...smtp, panelUrl: 'javascript:alert(1)' } },
      { mail: { ...http, url: 'ftp://api.example.com/' } },
      { mail: { ...http, url: 'https://user:pass@api.example.com/' } },
    ]
    for (const change of wrong) {
      const failure = await admin.fails(settings.update, change as never)
      expect(failure.code, JSON.stringify(change)).toBe('invalid_input')
    }
  })
})

describe('the secret of the mail server', () => {
  test('is sealed, never answered or logged, and stays when it is left out', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { password, ...withoutIt } = smtp

    const saved = await admin.call(settings.update, { mail: smtp })
    const renamed = await admin.call(settings.update, { mail: { ...withoutIt, fromName: 'Panel' } })
    w.mail.willTake()
    await admin.call(settings.testMail, {})

    expect(saved.mail).toEqual({ ...withoutIt, hasPassword: true })
    expect(renamed.mail).toEqual({ ...withoutIt, fromName: 'Panel', hasPassword: true })
    expect(w.mail.attempts[0]?.way).toMatchObject({ login: { user: 'panel', password } })
    const rows = await w.deps.db.select().from(settingsTable)
    const entries = await admin.page(audit.list, {})
    expect(entries.items.at(-1)).toMatchObject({
      action: 'settings.update',
      after: { mailSecret: 'set' },
    })
    expect(JSON.stringify([rows, entries, saved, renamed, w.logged])).not.toContain(password)
  })

  test('goes to no other server than the one it was given for', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { password: _password, ...smtpWithout } = smtp
    const { key: _key, ...httpWithout } = http
    const elsewhere = async (mail: object, field: string) => {
      const failure = await admin.fails(settings.update, { mail } as never)
      expect(failure).toMatchObject({ code: 'invalid_input', details: [{ path: ['mail', field] }] })
    }
    await elsewhere(smtpWithout, 'password')

    await admin.call(settings.update, { mail: smtp })
    await elsewhere({ ...smtpWithout, host: 'smtp.evil.example' }, 'password')
    await elsewhere({ ...smtpWithout, port: 587 }, 'password')
    await elsewhere({ ...smtpWithout, user: 'other' }, 'password')
    await elsewhere(httpWithout, 'key')
    await admin.call(settings.update, { mail: http })
    await elsewhere({ ...httpWithout, url: 'https://evil.example/' }, 'key')
    await elsewhere(smtpWithout, 'password')

    expect((await admin.call(settings.get, {})).mail).toEqual({ ...httpWithout, hasKey: true })
  })

  test('is forgotten with the login that it was for', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { password: _password, ...without } = smtp
    await admin.call(settings.update, { mail: smtp })

    const open = await admin.call(settings.update, { mail: { ...smtp, user: null } })

    expect(open.mail).toMatchObject({ user: null, hasPassword: false })
    const failure = await admin.fails(settings.update, { mail: without })
    expect(failure.code).toBe('invalid_input')
  })

  test('of another row opens nothing', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await admin.call(settings.update, { mail: http })
    const stored = w.deps.db.select().from(settingsTable).where(eq(settingsTable.key, 'mail'))
    const [row] = await stored
    if (row === undefined) throw new Error('nothing is stored')
    const sealed = (row.value as { key: string }).key // as it was set above

    const { key: _key, ...rest } = http
    const moved = { ...rest, ...smtp, key: undefined, password: sealed }
    await w.deps.db.update(settingsTable).set({ value: moved }).where(eq(settingsTable.key, 'mail'))

    const { taken, said } = await admin.call(settings.testMail, {})
    expect([taken, said]).toEqual([false, expect.stringContaining('Set it again')])
  })
})

describe('a test mail', () => {
  test('goes to whoever asks, and is answered with what the server said', async () => {
    const w = await createWorld()
    const admin = await w.admin({ email: 'ann@example.org' })
    await setUpMail(w)
    w.mail.will(
      { taken: true, said: '250 2.0.0 queued as 17' },
      { taken: false, fault: 'failed', said: '535 wrong password' },
    )

    const taken = await admin.call(settings.testMail, {})
    const refused = await admin.call(settings.testMail, {})

    expect(taken).toEqual({ taken: true, said: '250 2.0.0 queued as 17' })
    expect(refused).toEqual({ taken: false, said: '535 wrong password' })
    expect(w.mail.to()).toEqual(['ann@example.org', 'ann@example.org'])
    expect(w.mail.attempts[0]?.letter.from).toEqual({
      address: 'panel@example.org',
      name: 'Catalyst',
    })
  })

  test('says so where no mail is set up, and is not for scripts, which have no address', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    expect(await admin.call(settings.testMail, {})).toEqual({
      taken: false,
      said: 'No mail is set up.',
    })
    expect((await w.operator.fails(settings.testMail, {})).code).toBe('not_found')
  })
})
