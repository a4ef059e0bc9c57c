import { describe, expect, test } from 'vitest'
import { settings } from '../../contract/api/settings.ts'
import { inTransaction } from '../../worker/db/client.ts'
import { mails } from '../../worker/db/schema/panel.ts'
import { queueMail } from '../../worker/services/mail/queue.ts'
import { sendDue } from '../../worker/services/mail/send.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { setUpMail } from '../support/mail-settings.ts'
import { createWorld, type World } from '../support/world.ts'

const minuteMs = 60_000
const letter = { to: 'ann@example.org', subject: 'Hello', text: 'A secret link' }
const failed = { taken: false, fault: 'failed', said: '451 later' } as const
const unreachable = { taken: false, fault: 'unreachable', said: 'no answer' } as const

function queued(w: World, more: { until?: number; to?: string } = {}) {
  return inTransaction(w.deps.db, (tx) => queueMail(tx, w.deps, { ...letter, ...more }))
}

function rowsOf(w: World) {
  return w.deps.db.select().from(mails)
}

/** Runs the watchdog each minute for a while; how many attempts it made in each. */
async function watch(w: World, minutes: number): Promise<number[]> {
  const perMinute: number[] = []
  for (let minute = 0; minute < minutes; minute += 1) {
    const before = w.mail.attempts.length
    await runWatchdog(w.deps)
    perMinute.push(w.mail.attempts.length - before)
    w.clock.advance(minuteMs)
  }
  return perMinute
}

describe('a mail', () => {
  test('is written with what it tells of, or not at all, and sealed', async () => {
    const w = await createWorld()
    await setUpMail(w)
    const broken = inTransaction(w.deps.db, async (tx) => {
      await queueMail(tx, w.deps, letter)
      throw new Error('the change failed')
    })
    await expect(broken).rejects.toThrow('the change failed')
    await queued(w)

    const rows = await rowsOf(w)

    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(letter.text)
  })

  test('is sent by the watchdog, once, and nothing of it is kept but that it was', async () => {
    const w = await createWorld()
    await setUpMail(w)
    const id = await queued(w)
    w.mail.willTake()

    await watch(w, 3)

    expect(w.mail.attempts.map(({ letter: sent }) => sent)).toMatchObject([{ id, ...letter }])
    expect(await rowsOf(w)).toMatchObject([{ state: 'sent', body: '', nextAttemptAt: null }])
  })

  test('that fails is tried again with the same id, after longer and longer pauses', async () => {
    const w = await createWorld()
    await setUpMail(w)
    const id = await queued(w)
    w.mail.will(failed, failed, failed)
    w.mail.willTake()

    const perMinute = await watch(w, 20)

    const tried = perMinute.flatMap((count, minute) => (count > 0 ? [minute] : []))
    expect(tried).toEqual([0, 2, 6, 14])
    expect(new Set(w.mail.attempts.map(({ letter: sent }) => sent.id))).toEqual(new Set([id]))
    expect((await rowsOf(w))[0]).toMatchObject({ state: 'sent', attempts: 4, error: null })
  })

  test('is given up after a day, or when it is refused for good, and its text is dropped', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await queued(w)
    w.mail.will(...Array.from({ length: 30 }, () => failed))
    await watch(w, 1)
    expect((await w.operator.call(settings.get, {})).mailQueue).toEqual({
      waiting: 1,
      failed: 0,
      lastError: '451 later',
    })

    for (let hour = 0; hour < 30; hour += 1) {
      w.clock.advance(60 * minuteMs)
      await sendDue(w.deps)
    }
    const attempts = w.mail.attempts.length
    expect(await rowsOf(w)).toMatchObject([{ state: 'failed', body: '', error: '451 later' }])
    expect(attempts).toBeLessThan(20)

    const other = await createWorld()
    await setUpMail(other)
    await queued(other)
    other.mail.will({ taken: false, fault: 'refused', said: '550 no such user' })
    await watch(other, 5)

    expect(await rowsOf(other)).toMatchObject([{ state: 'failed', attempts: 1, body: '' }])
    expect((await w.operator.call(settings.get, {})).mailQueue.failed).toBe(1)
  })

  test('is not sent twice by two that try at the same time', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await queued(w)
    w.mail.willTake()

    await Promise.all([sendDue(w.deps), sendDue(w.deps), sendDue(w.deps)])

    expect(w.mail.to()).toEqual([letter.to])
  })

  test('whose sender died in the middle goes out again', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await queued(w)
    const dies = {
      ...w.deps,
      mail: { ...w.deps.mail, carry: () => Promise.reject(new Error('killed')) },
    }
    await expect(sendDue(dies)).rejects.toThrow('killed')
    w.mail.willTake()

    await watch(w, 3)

    expect(w.mail.to()).toEqual([letter.to])
  })

  test('waits for others while the server is away, and all go once it is back', async () => {
    const w = await createWorld()
    await setUpMail(w)
    for (const name of ['ann', 'bob', 'cid']) await queued(w, { to: `${name}@example.org` })
    w.mail.will(unreachable)
    await watch(w, 1)
    expect(w.mail.attempts).toHaveLength(1)
    w.mail.willTake(3)

    await watch(w, 4)

    expect(w.mail.to().slice(1).sort()).toEqual([
      'ann@example.org',
      'bob@example.org',
      'cid@example.org',
    ])
  })

  test('waits while no mail is set up, and is not sent once it is of no use', async () => {
    const w = await createWorld()
    await queued(w)
    await queued(w, { until: w.clock.now() + 5 * minuteMs, to: 'late@example.org' })
    await watch(w, 10)
    expect(w.mail.attempts).toEqual([])
    await setUpMail(w)
    w.mail.willTake()

    await watch(w, 10)

    expect(w.mail.to()).toEqual([letter.to])
    const states = (await rowsOf(w)).map(({ state, body }) => [state, body])
    expect(states.sort()).toEqual([
      ['failed', ''],
      ['sent', ''],
    ])
  })

  test('that cannot be opened any more is given up, and holds up no other', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await queued(w)
    await w.deps.db.update(mails).set({ body: 'v1.gone.AAAA.AAAA' })
    await queued(w, { to: 'bob@example.org' })
    w.mail.willTake()

    await watch(w, 1)

    expect(w.mail.to()).toEqual(['bob@example.org'])
    expect((await rowsOf(w)).map(({ state }) => state).sort()).toEqual(['failed', 'sent'])
  })

  test('that has ended is forgotten after a month', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await queued(w)
    w.mail.willTake()
    await watch(w, 1)

    w.clock.advance(31 * 24 * 60 * minuteMs)
    await watch(w, 1)

    expect(await rowsOf(w)).toEqual([])
  })
})
