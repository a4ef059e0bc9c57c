import { describe, expect, test } from 'vitest'
import {
  afterCancel,
  afterClick,
  type PowerFacts,
  type PowerVerb,
} from '../../worker/services/servers/power-change.ts'

const problem = { code: 'start_failed', message: 'no', startNo: 3 } as const

function server(change: Partial<PowerFacts>): PowerFacts {
  const seen = { state: 'stopped', observedStartNo: 2, problem: null } as const
  return { wanted: 'stopped', startNo: 2, lastStartNo: 2, how: 'stop', ...seen, ...change }
}

describe('[D1] a click', () => {
  test.each<[string, PowerVerb, Partial<PowerFacts>, string, number, string]>([
    ['start wants the next start', 'start', {}, 'running', 3, 'stop'],
    [
      'a second start wants the same',
      'start',
      { wanted: 'running', startNo: 3 },
      'running',
      3,
      'stop',
    ],
    [
      'a start after a failed one wants another',
      'start',
      { wanted: 'running', startNo: 3, lastStartNo: 3, problem },
      'running',
      4,
      'stop',
    ],
    [
      'a start after a crash wants another',
      'start',
      { wanted: 'running', state: 'crashed' },
      'running',
      3,
      'stop',
    ],
    [
      'restart wants the next start',
      'restart',
      { wanted: 'running', state: 'running' },
      'running',
      3,
      'stop',
    ],
    [
      'a second restart wants the same',
      'restart',
      { wanted: 'running', startNo: 3, state: 'running' },
      'running',
      3,
      'stop',
    ],
    [
      'a number that was taken back is not given again',
      'start',
      { lastStartNo: 5 },
      'running',
      6,
      'stop',
    ],
    [
      'a number that the node has seen is not given again',
      'start',
      { observedStartNo: 7 },
      'running',
      8,
      'stop',
    ],
    [
      'stop wants it stopped',
      'stop',
      { wanted: 'running', state: 'running' },
      'stopped',
      2,
      'stop',
    ],
    [
      'kill wants it stopped at once',
      'kill',
      { wanted: 'running', state: 'running' },
      'stopped',
      2,
      'kill',
    ],
  ])('%s', (_sentence, verb, change, wanted, startNo, how) => {
    expect(afterClick(verb, server(change))).toMatchObject({ wanted, startNo, how })
  })
})

describe('[D1] a click that was taken back', () => {
  test.each<[string, Partial<PowerFacts>, string, number]>([
    ['leaves a stopped server stopped', { wanted: 'running', startNo: 3 }, 'stopped', 3],
    ['leaves a running one running', { state: 'running' }, 'running', 2],
    [
      'leaves it without a restart',
      { wanted: 'running', startNo: 3, state: 'running' },
      'running',
      2,
    ],
    ['does not bring back what is stopping', { state: 'stopping' }, 'stopped', 2],
  ])('%s', (_sentence, change, wanted, startNo) => {
    expect(afterCancel(server(change))).toMatchObject({ wanted, startNo })
  })
})
