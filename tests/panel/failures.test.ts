import { expect, test } from 'vitest'
import { ServerState } from '../../contract/rules/server-states.ts'
import { ApiError, isTrouble, retryAfterOf, sentenceOf, traceOf } from '../../web/src/api/client.ts'
import { possible } from '../../web/src/api/rights.ts'
import { fieldErrorsOf } from '../../web/src/ui/field-errors.ts'
import { waitText } from '../../web/src/ui/wait.ts'

const failure = (code: ApiError['code'], details?: unknown) =>
  new ApiError(code, 'A sentence.', details, 'request-1')

test.each(['internal', 'database_unavailable', 'node_timeout'] as const)(
  '%s can be tried again and looked up in the log',
  (code) => {
    expect(isTrouble(failure(code))).toBe(true)
    expect(traceOf(failure(code))).toBe('request-1')
  },
)

test.each(['invalid_credentials', 'forbidden', 'not_found', 'setup_token_invalid'] as const)(
  '%s is an answer: no retry and no request id beside it',
  (code) => {
    expect(isTrouble(failure(code))).toBe(false)
    expect(traceOf(failure(code))).toBeNull()
  },
)

test.each([
  ['name_taken', 'name'],
  ['email_taken', 'email'],
  ['port_taken', 'primaryPort'],
] as const)('%s is told at its field', (code, field) => {
  expect(fieldErrorsOf(failure(code))).toEqual({ [field]: 'A sentence.' })
})

test.each(['too_many_attempts', 'rate_limited'] as const)('%s says how long to wait', (code) => {
  expect(retryAfterOf(failure(code, { retryAfterSeconds: 12 }))).toBe(12)
  expect(sentenceOf(failure(code, { retryAfterSeconds: 12 }))).toBe('That was too often.')
  expect(isTrouble(failure(code))).toBe(false)
})

test.each([undefined, null, [], { retryAfterSeconds: 'soon' }])(
  'no wait is made up of %o',
  (details) => {
    expect(retryAfterOf(failure('rate_limited', details))).toBeNull()
  },
)

test.each([
  [0, 'You can try again now.'],
  [1, 'Try again in 1 s.'],
  [119, 'Try again in 119 s.'],
  [121, 'Try again in 3 min.'],
  [900, 'Try again in 15 min.'],
])('a wait of %d s is told so that it is enough', (seconds, text) => {
  expect(waitText(seconds)).toBe(text)
})

test('what is wrong with several fields is told at each', () => {
  const details = [
    { path: ['environment', 'MAX'], message: 'Too many.' },
    { path: 'name', message: 'Fill this in.' },
  ]

  expect(fieldErrorsOf(failure('invalid_input', details))).toEqual({
    'environment.MAX': 'Too many.',
    name: 'Fill this in.',
  })
})

test.each(ServerState.options)('why %s allows no command is a sentence', (state) => {
  const server = { state, wanted: 'stopped', status: state, suspendedAt: null } as const

  const reason = possible({ ...server, suspensionReason: null }, 'command')

  if (reason !== true) expect(reason).not.toMatch(/_|is install failed|is (restor|transferr)ing/)
})
