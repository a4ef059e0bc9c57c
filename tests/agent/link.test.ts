import { describe, expect, test } from 'vitest'
import {
  type Link,
  type LinkEffect,
  type LinkEvent,
  newLink,
  stepLink,
  uncleanEnd,
  wakeAt,
} from '../../agent/link.ts'
import { CloseCode, linkTimers } from '../../contract/protocol/frames.ts'

/** Drives a link by events at moments, as sockets and timers would. */
function drive(connNo = 0) {
  let link: Link = newLink(connNo)
  let now = 0
  const link_ = {
    get state() {
      return link
    },
    get now() {
      return now
    },
    at(moment: number, event: LinkEvent, random = 0.5): readonly LinkEffect[] {
      now = moment
      const { state, effects } = stepLink(link, event, { now, random })
      link = state
      return effects
    },
    /** Lets time pass until the link wakes by itself. */
    wake(random = 0.5): readonly LinkEffect[] {
      const due = wakeAt(link)
      if (due === null) throw new Error('the link waits for nothing')
      return link_.at(due, { type: 'tick' }, random)
    },
    /** Connects and is welcomed at this moment. */
    connect(moment: number, epoch = 1): void {
      if (link.phase === 'stopped') link_.at(moment, { type: 'start' })
      else link_.wake()
      link_.at(moment, { type: 'opened' })
      link_.at(moment, { type: 'challenge', nonce: 'n'.repeat(16) })
      link_.at(moment, { type: 'welcome', epoch, timers: {} })
    },
    close(moment: number, code: number, reason = '', random = 0.999) {
      const effects = link_.at(moment, { type: 'closed', code, reason }, random)
      const down = effects.find((effect) => effect.type === 'down')
      if (down?.type !== 'down') throw new Error('the link did not go down')
      return down.waitMs
    },
  }
  return link_
}

const fullWait = (ms: number) => expect.closeTo(ms * 0.999, 0)

describe('dialling', () => {
  test('[N2] each attempt has a number of its own, one higher than the last', () => {
    const link = drive(41)

    const first = link.at(0, { type: 'start' })
    link.close(10, uncleanEnd)
    const second = link.wake()

    expect(first).toEqual([{ type: 'dial', connNo: 42 }])
    expect(second).toEqual([{ type: 'dial', connNo: 43 }])
  })

  test('[N3] a challenge is answered with a hello of the same attempt', () => {
    const link = drive(6)
    link.at(0, { type: 'start' })
    link.at(5, { type: 'opened' })

    const effects = link.at(9, { type: 'challenge', nonce: 'abc' })

    expect(effects).toEqual([{ type: 'hello', nonce: 'abc', connNo: 7 }])
  })

  test('[N3] a number that was seen before goes on from the one that the object knows', () => {
    const link = drive(3)
    link.at(0, { type: 'start' })

    link.close(5, CloseCode.stale, '17')

    expect(link.wake()).toEqual([{ type: 'dial', connNo: 18 }])
  })

  test.each(['', 'many', '-5', '1e9', '9'.repeat(30)])(
    '[N3] a nonsensical known number (%j) changes nothing',
    (reason) => {
      const link = drive(3)
      link.at(0, { type: 'start' })

      link.close(5, CloseCode.stale, reason)

      expect(link.wake()).toEqual([{ type: 'dial', connNo: 5 }])
    },
  )

  test('a panel that never answers is given up and dialled again', () => {
    const link = drive()
    link.at(0, { type: 'start' })

    const effects = link.wake()

    expect(link.now).toBe(linkTimers.helloWithin)
    expect(effects[0]).toEqual({ type: 'destroy' })
    expect(link.state.phase).toBe('waiting')
  })

  test('a socket that opens but is never welcomed is given up', () => {
    const link = drive()
    link.at(0, { type: 'start' })
    link.at(100, { type: 'opened' })

    const effects = link.wake()

    expect(link.now).toBe(100 + linkTimers.helloWithin)
    expect(effects[0]).toEqual({ type: 'destroy' })
  })

  test('a stopped link closes politely and dials no more', () => {
    const link = drive()
    link.connect(0)

    const effects = link.at(10, { type: 'stop' })

    expect(effects).toEqual([{ type: 'close' }])
    expect(wakeAt(link.state)).toBeNull()
  })
})

describe('heartbeat', () => {
  test('[N6] a ping is sent every 15 s', () => {
    const link = drive()
    link.connect(0)

    const first = link.wake()
    const at = link.now
    link.at(at + 1, { type: 'pong' })
    link.wake()

    expect(first).toEqual([{ type: 'ping' }])
    expect([at, link.now]).toEqual([15_000, 30_000])
  })

  test('[N6] without a pong for 40 s the socket is destroyed and dialled again', () => {
    const link = drive()
    link.connect(0)
    link.at(100, { type: 'pong' })

    link.wake()
    link.wake()
    const effects = link.wake()

    expect(link.now).toBe(100 + linkTimers.agentGivesUpAfter)
    expect(effects.map(({ type }) => type)).toEqual(['destroy', 'down'])
    expect(link.state.phase).toBe('waiting')
  })

  test('[N6] pongs keep the link up for ever', () => {
    const link = drive()
    link.connect(0)

    for (let beats = 0; beats < 100; beats += 1) {
      link.wake()
      link.at(link.now + 10, { type: 'pong' })
    }

    expect(link.state.phase).toBe('live')
  })
})

describe('waiting', () => {
  test('[N7] attempt n waits up to 2^n s, never more than 30 s', () => {
    const link = drive()
    link.at(0, { type: 'start' })

    const waits = Array.from({ length: 8 }, () => {
      const wait = link.close(link.now, 503)
      link.wake()
      return wait
    })

    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => fullWait(seconds * 1000)))
  })

  test('[N7] the wait is random from nothing up to its limit', () => {
    const link = drive()
    link.at(0, { type: 'start' })

    const wait = link.close(0, 503, '', 0)

    expect(wait).toBe(0)
  })

  test('[N7] the first wait after an unclean end is up to 5 s', () => {
    const link = drive()
    link.connect(0)

    expect(link.close(linkTimers.goodLinkAfter, uncleanEnd)).toEqual(fullWait(5000))
  })

  test('[N7] a minute of a good link starts the count anew', () => {
    const link = drive()
    link.at(0, { type: 'start' })
    for (let tries = 0; tries < 5; tries += 1) {
      link.close(link.now, 503)
      link.wake()
    }
    const moment = link.now
    link.at(moment, { type: 'opened' })
    link.at(moment, { type: 'welcome', epoch: 9, timers: {} })

    expect(link.close(moment + linkTimers.goodLinkAfter, CloseCode.again)).toEqual(fullWait(1000))
  })

  test('[N7] a link that was up for less goes on counting', () => {
    const link = drive()
    link.connect(0)
    link.close(1000, CloseCode.again)
    link.connect(link.now)

    expect(link.close(link.now + 59_000, CloseCode.again)).toEqual(fullWait(2000))
  })

  test.each([
    ['an unknown key', CloseCode.unauthorized],
    ['another machine that holds the node', CloseCode.duplicate],
    ['an HTTP refusal', 401],
  ])('[N7] %s waits five minutes', (_what, code) => {
    const link = drive()
    link.connect(0)

    expect(link.close(1000, code, '', 0)).toBe(300_000)
  })
})

describe('epochs and timers', () => {
  test('[N4] a fenced agent destroys its socket and dials again', () => {
    const link = drive()
    link.connect(0, 4)

    const effects = link.at(50, { type: 'fenced' })

    expect(effects.map(({ type }) => type)).toEqual(['destroy', 'down'])
    expect(link.wake()).toEqual([{ type: 'dial', connNo: 2 }])
  })

  test('[N4] the epoch is the welcome’s', () => {
    const link = drive()

    link.connect(0, 12)

    expect(link.state).toMatchObject({ phase: 'live', epoch: 12 })
  })

  test('[N11] welcome tells the timers, and waits shrink with them', () => {
    const link = drive()
    link.at(0, { type: 'start' })
    link.at(0, { type: 'opened' })
    const tenth = Object.fromEntries(
      Object.entries(linkTimers).map(([name, value]) => [name, value / 10]),
    )
    link.at(0, { type: 'welcome', epoch: 1, timers: tenth })

    link.wake()

    expect(link.now).toBe(1500)
    expect(link.close(7000, uncleanEnd)).toEqual(fullWait(500))
  })

  test('[N11] nonsensical timers are kept within bounds', () => {
    const link = drive()
    link.at(0, { type: 'start' })
    link.at(0, { type: 'opened' })

    link.at(0, {
      type: 'welcome',
      epoch: 1,
      timers: { pingEvery: 0, agentGivesUpAfter: Number.NaN, refusedWaits: 1e12 },
    })

    expect(link.state.timers).toMatchObject({
      pingEvery: 15,
      agentGivesUpAfter: 40_000,
      refusedWaits: 3_000_000,
    })
  })
})

test('[Q3] a frame that could not be taken in ends the link, and the next welcome brings it again', () => {
  const link = drive()
  link.connect(0)

  const effects = link.at(10, { type: 'missed' })

  expect(effects.map(({ type }) => type)).toEqual(['destroy', 'down'])
  expect(link.state.phase).toBe('waiting')
})
