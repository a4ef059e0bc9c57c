import { describe, expect, test } from 'vitest'
import { checks, violationsIn } from './checks.ts'
import { type FinalOperation, History, type HistoryRecord } from './history.ts'

type Untimed<Each> = Each extends unknown ? Omit<Each, 'at'> : never
type Noted = Untimed<HistoryRecord> & { readonly at?: number }
type CheckName = keyof typeof checks

const server = 'server-1'
const installed = 'server-2'

/** A command that was asked for once, and its effect. */
const asked = {
  type: 'asked',
  ask: 1,
  verb: 'line',
  serverId: server,
  text: 'line-1',
  key: 'key-1',
} as const
const answered = { type: 'answered', ask: 1, operationId: 'op-1' } as const
const stores = {
  type: 'stores',
  journalRows: 0,
  openCommands: 0,
  undelivered: 0,
  nextSeq: 3,
  commandRows: 2,
} as const

function operation(change: Partial<FinalOperation> = {}): Noted {
  const atObject = { seq: 1, state: change.state ?? 'succeeded' }
  return {
    type: 'operation',
    operationId: 'op-1',
    kind: 'console.input',
    serverId: server,
    subject: 'line-1',
    state: 'succeeded',
    createdAt: 1_000,
    startedAt: 1_100,
    endedAt: 2_000,
    expiresAt: 601_000,
    atObject,
    ...change,
  }
}

function typed(text: string, order = 0, happenedAt = 1_500): Noted {
  const where = { type: 'effect', kind: 'line', serverId: server } as const
  return { ...where, operationId: null, text, order, happenedAt }
}

function seen(state: FinalOperation['state']): Noted {
  return { type: 'seen', operationId: 'op-1', state }
}

const second = { operationId: 'op-2', subject: 'line-2', atObject: { seq: 2, state: 'succeeded' } }
const click: Noted = {
  type: 'asked',
  ask: 9,
  verb: 'stop',
  serverId: server,
  text: null,
  key: null,
}

function historyOf(records: readonly Noted[]): History {
  const history = new History()
  for (const { at = 1_000, ...record } of records) history.note(record, at)
  return history
}

function brokenChecks(records: readonly Noted[]): string[] {
  const names = violationsIn(historyOf(records)).map((wrong) => wrong.split(':')[0] ?? '')
  return [...new Set(names)]
}

const faultless: readonly Noted[] = [
  asked,
  answered,
  { type: 'fault', fault: 'cut', detail: '{}' },
  { type: 'recovered', fault: 'cut', tookMs: 400 },
  { type: 'welcomed', who: 'agent', epoch: 1 },
  { type: 'welcomed', who: 'agent', epoch: 2 },
  seen('queued'),
  seen('running'),
  seen('succeeded'),
  operation(),
  operation({
    operationId: 'op-2',
    kind: 'server.install',
    serverId: installed,
    subject: null,
    expiresAt: null,
    atObject: { seq: 2, state: 'succeeded' },
  }),
  typed('line-1'),
  {
    type: 'effect',
    kind: 'install',
    serverId: installed,
    operationId: 'op-2',
    text: 'container-1',
    order: 0,
    happenedAt: 1_500,
  },
  { type: 'started', serverId: server, startNo: 1 },
  { type: 'server', serverId: server, wanted: 'running', state: 'running', pending: false },
  { type: 'server', serverId: installed, wanted: 'stopped', state: 'stopped', pending: false },
  stores,
]

/** What is wrong with each history, and the checks that must say so. */
const broken: readonly [what: string, by: readonly CheckName[], records: readonly Noted[]][] = [
  [
    'a line that was typed twice',
    ['oneEffectPerCommand', 'outcomesAreTrue'],
    [operation(), typed('line-1', 0), typed('line-1', 1)],
  ],
  [
    'a line that nobody asked for',
    ['everyEffectHasItsCommand'],
    [operation(), typed('line-1'), typed('line-7', 1)],
  ],
  ['an accepted command that is gone', ['everyAcceptedEnded'], [asked, answered]],
  [
    'a command that never ended',
    ['everyAcceptedEnded'],
    [operation({ state: 'running', atObject: null })],
  ],
  ['an end that was taken back', ['finalStatesStay'], [seen('succeeded'), seen('running')]],
  ['an end that became another', ['finalStatesStay'], [seen('succeeded'), seen('failed')]],
  [
    'a lane out of order',
    ['lanesKeepOrder'],
    [operation(), operation(second), typed('line-2', 0), typed('line-1', 1)],
  ],
  [
    'an epoch for two connections',
    ['epochsAreGivenOnce'],
    [
      { type: 'welcomed', who: 'agent', epoch: 4 },
      { type: 'welcomed', who: 'clone', epoch: 4 },
    ],
  ],
  ['a success that did nothing', ['outcomesAreTrue'], [operation()]],
  [
    'a cancelled command that was carried out',
    ['outcomesAreTrue'],
    [operation({ state: 'cancelled' }), typed('line-1')],
  ],
  [
    'an expired command that was carried out',
    ['outcomesAreTrue'],
    [operation({ state: 'expired' }), typed('line-1')],
  ],
  [
    'an unknown end with two effects',
    ['oneEffectPerCommand'],
    [operation({ state: 'indeterminate' }), typed('line-1', 0), typed('line-1', 1)],
  ],
  ['a journal that forgets nothing', ['storesAreBounded'], [{ ...stores, journalRows: 200 }]],
  ['a command that is left open', ['storesAreBounded'], [{ ...stores, openCommands: 1 }]],
  ['a number that was lost', ['storesAreBounded'], [{ ...stores, nextSeq: 9 }]],
  [
    'a line that was typed too late',
    ['nothingAfterItsDeadline'],
    [operation(), typed('line-1', 0, 700_000)],
  ],
  [
    'a key that began two operations',
    ['oneOperationPerKey'],
    [
      asked,
      answered,
      { ...asked, ask: 2 },
      { ...answered, ask: 2, operationId: 'op-2' },
      operation(),
      operation({ ...second, subject: 'other' }),
      typed('line-1', 0),
      typed('other', 1),
    ],
  ],
  [
    'one request that became two operations',
    ['oneOperationPerKey'],
    [
      asked,
      { type: 'unanswered', ask: 1 },
      click,
      operation({ state: 'failed' }),
      operation({ ...second, subject: 'line-1' }),
      typed('line-1'),
    ],
  ],
  [
    'a server that does not run though it is wanted to',
    ['serversAreAsWanted'],
    [{ type: 'server', serverId: server, wanted: 'running', state: 'crashed', pending: false }],
  ],
  [
    'a server that runs though nobody wants it to',
    ['serversAreAsWanted'],
    [{ type: 'server', serverId: server, wanted: 'stopped', state: 'running', pending: false }],
  ],
  [
    'a wish that never reached its node',
    ['serversAreAsWanted'],
    [{ type: 'server', serverId: server, wanted: 'running', state: 'running', pending: true }],
  ],
  [
    'a start that came twice',
    ['startsAreCountedOnce'],
    [
      { type: 'started', serverId: server, startNo: 3 },
      { type: 'started', serverId: server, startNo: 3 },
    ],
  ],
  [
    'a ledger that says something else than the object',
    ['ledgerAgreesWithObject'],
    [operation({ atObject: { seq: 1, state: 'failed' } }), typed('line-1')],
  ],
  ['reports that never left', ['ledgerAgreesWithObject'], [{ ...stores, undelivered: 2 }]],
  [
    'a refused request that was carried out',
    ['refusalsChangeNothing'],
    [asked, { type: 'refused', ask: 1, code: 'wrong_state' }, operation(), typed('line-1')],
  ],
]

describe('the checker of fault runs', () => {
  test('finds nothing wrong with a faultless history', () => {
    expect(violationsIn(historyOf(faultless))).toEqual([])
  })

  test.each(broken)('finds %s', (_what, by, records) => {
    expect(brokenChecks(records)).toEqual(by)
  })

  test('has no check that cannot fail', () => {
    const failing = new Set(broken.flatMap(([, by]) => by))

    expect(Object.keys(checks).filter((name) => !failing.has(name as CheckName))).toEqual([])
  })

  test('does not miss a line that a stopped server may not have read', () => {
    expect(brokenChecks([click, operation()])).toEqual([])
  })

  test('does not blame a cancellation while two machines held one journal', () => {
    const cancelled = operation({ state: 'cancelled' })
    const cloned: Noted = { type: 'cloned', until: 3_000, at: 1_500 }

    expect(brokenChecks([cloned, cancelled, typed('line-1')])).toEqual([])
  })
})
