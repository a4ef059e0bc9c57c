import { describe, expect, test } from 'vitest'
import { CloseCode, type Hello, linkTimers } from '../../contract/protocol/frames.ts'
import {
  isLive,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  noLink,
  stepLink,
} from '../../durable-objects/link.ts'
import { hello } from './examples.ts'

const key = 'key-1'
const enrolled: LinkState = { ...noLink, publicKey: key }

function greet(
  state: LinkState,
  change: Partial<Hello> = {},
  at: { heardAt?: number | null; now?: number; verifiedWith?: string } = {},
) {
  const { heardAt = null, now = 1000, verifiedWith = key } = at
  return stepLink(
    state,
    { type: 'hello', hello: hello(change), verifiedWith, heardAt, now },
    linkTimers,
  )
}

function run(state: LinkState, event: LinkEvent) {
  return stepLink(state, event, linkTimers)
}

/** The state after a first hello of machine-1 with connection number 7. */
const live = greet(enrolled, { connNo: 7 }).state

function refusal(effects: readonly LinkEffect[]) {
  return effects.find((effect) => effect.type === 'refuse')
}

function newsOf(effects: readonly LinkEffect[]): string[] {
  return effects.flatMap((effect) =>
    effect.type === 'report'
      ? [effect.news.type === 'node.alert' ? effect.news.alert : effect.news.type]
      : [],
  )
}

describe('hello', () => {
  test('[N3] a hello of the key raises the epoch, closes every other socket and is welcomed', () => {
    const { state, effects } = greet(enrolled, { connNo: 3 })

    expect(state).toMatchObject({ epoch: 1, connNo: 3, machineId: 'machine-1', onlineSince: 1000 })
    expect(effects.map((effect) => effect.type)).toEqual([
      'save_link',
      'close_others',
      'welcome',
      'report',
    ])
    expect(newsOf(effects)).toEqual(['node.online'])
  })

  test.each([7, 6, 1])(
    '[N3] connection number %i at or below the known 7 is refused with it',
    (connNo) => {
      const { state, effects } = greet(live, { connNo })

      expect(state).toBe(live)
      expect(refusal(effects)).toMatchObject({ code: CloseCode.stale, reason: '7' })
      expect(newsOf(effects)).toEqual(['restored_agent'])
    },
  )

  test('[N3] the agent that was refused goes on from the known number plus one', () => {
    expect(greet(live, { connNo: 8 }).state).toMatchObject({ epoch: 2, connNo: 8 })
  })

  test('[N3] another machine is refused while the holder is alive, and an alert is raised', () => {
    const { state, effects } = greet(
      live,
      { connNo: 8, machineId: 'machine-2' },
      { heardAt: 50_000, now: 100_000 },
    )

    expect(state).toMatchObject({ epoch: 1, connNo: 7, machineId: 'machine-1' })
    expect(refusal(effects)).toMatchObject({ code: CloseCode.duplicate })
    expect(newsOf(effects)).toEqual(['cloned'])
  })

  test('[N3] another machine takes over when the holder was not heard for too long', () => {
    const after = { heardAt: 49_999, now: 100_000 }

    expect(greet(live, { connNo: 8, machineId: 'machine-2' }, after).state).toMatchObject({
      epoch: 2,
      machineId: 'machine-2',
    })
  })

  test('[N3] the machine that an admin adopted takes over from a living holder, once', () => {
    const alive = { heardAt: 1000, now: 2000 }
    const refused = greet(live, { connNo: 8, machineId: 'machine-2' }, alive).state
    const adopting = run(refused, { type: 'adopt' }).state
    const third = greet(adopting, { connNo: 8, machineId: 'machine-3' }, alive)
    const second = greet(adopting, { connNo: 8, machineId: 'machine-2' }, alive)
    const back = greet(second.state, { connNo: 9, machineId: 'machine-1' }, alive)

    expect(refusal(third.effects)).toMatchObject({ code: CloseCode.duplicate })
    expect(second.state).toMatchObject({ epoch: 2, machineId: 'machine-2', adopts: null })
    expect(refusal(back.effects)).toMatchObject({ code: CloseCode.duplicate })
  })

  test('[N3] an adoption before any refusal lets in the next other machine', () => {
    const adopting = run(live, { type: 'adopt' }).state
    const alive = { heardAt: 1000, now: 2000 }
    const holder = greet(adopting, { connNo: 8 }, alive).state

    expect(greet(holder, { connNo: 9, machineId: 'machine-2' }, alive).state.machineId).toBe(
      'machine-2',
    )
  })

  test.each([
    ['no key is set', noLink],
    ['the key changed while the signature was checked', { ...live, publicKey: 'key-2' }],
  ])('[N1] a hello is refused when %s', (_case, state) => {
    const { effects } = greet(state, { connNo: 8 })

    expect(refusal(effects)).toMatchObject({ code: CloseCode.unauthorized })
  })

  test('[N8] one protocol version more is understood, two are not', () => {
    expect(greet(enrolled, { proto: 2 }).state.epoch).toBe(1)
    expect(refusal(greet(enrolled, { proto: 3 }).effects)).toMatchObject({
      code: CloseCode.protocol,
    })
  })
})

describe('frames', () => {
  test('[N4] a frame of the current epoch on the live socket passes', () => {
    expect(run(live, { type: 'frame', socketEpoch: 1, frameEpoch: 1 }).effects).toEqual([])
  })

  test('[N4] a frame on the socket of an older epoch is fenced and changes nothing', () => {
    const newer = greet(live, { connNo: 8 }).state

    const { state, effects } = run(newer, { type: 'frame', socketEpoch: 1, frameEpoch: 1 })

    expect(state).toBe(newer)
    expect(effects).toEqual([{ type: 'fence', epoch: 1, current: 2 }])
  })

  test('[N4] a frame of another epoch on the live socket is fenced and costs the link', () => {
    const { state, effects } = run(live, { type: 'frame', socketEpoch: 1, frameEpoch: 2 })

    expect(state.onlineSince).toBeNull()
    expect(effects[0]).toEqual({ type: 'fence', epoch: 2, current: 1 })
    expect(newsOf(effects)).toEqual(['node.offline'])
  })

  test('[N5] a socket is live by its epoch, and not any more once the node is offline', () => {
    const gone = run(live, { type: 'closed', socketEpoch: 1, reason: 'lost' }).state

    expect([isLive(live, 1), isLive(live, 0), isLive(gone, 1)]).toEqual([true, false, false])
    expect(run(gone, { type: 'frame', socketEpoch: 1, frameEpoch: 1 }).effects).toMatchObject([
      { type: 'fence' },
    ])
  })
})

describe('silence and ends', () => {
  test('[N6] a node is offline when nothing was heard for more than 50 s, and that is told once', () => {
    const still = run(live, { type: 'tick', heardAt: 1000, now: 51_000 })
    const silent = run(live, { type: 'tick', heardAt: 1000, now: 51_001 })
    const again = run(silent.state, { type: 'tick', heardAt: null, now: 99_000 })

    expect(still.effects).toEqual([])
    expect(silent.effects[0]).toMatchObject({ type: 'close_live', code: CloseCode.silent })
    expect(newsOf(silent.effects)).toEqual(['node.offline'])
    expect(again.effects).toEqual([])
  })

  test('[N6] a link whose socket is gone without a word is found at the next look', () => {
    expect(newsOf(run(live, { type: 'tick', heardAt: null, now: 1001 }).effects)).toEqual([
      'node.offline',
    ])
  })

  test('[N5] the end of an older socket does not end the link', () => {
    const newer = greet(live, { connNo: 8 }).state

    expect(run(newer, { type: 'closed', socketEpoch: 1, reason: '' }).state).toBe(newer)
  })

  test('[N11] timers that are divided end a silence sooner', () => {
    const timers = { ...linkTimers, objectGivesUpAfter: 5000 }

    const { state } = stepLink(live, { type: 'tick', heardAt: 1000, now: 6001 }, timers)

    expect(state.onlineSince).toBeNull()
  })
})

describe('keys', () => {
  test.each(['key-2', null])(
    '[N1] another key (%s) closes the live socket; numbers start anew',
    (publicKey) => {
      const { state, effects } = run(live, { type: 'key', publicKey })

      expect(state).toEqual({ ...noLink, publicKey, epoch: 1 })
      expect(effects[1]).toMatchObject({ type: 'close_agents', code: CloseCode.unauthorized })
      expect(newsOf(effects)).toEqual(['node.offline'])
    },
  )

  test('[N1] setting the same key again changes nothing', () => {
    expect(run(live, { type: 'key', publicKey: key })).toEqual({ state: live, effects: [] })
  })
})
