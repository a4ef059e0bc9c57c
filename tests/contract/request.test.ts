import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { readReply, requestFor } from '../../contract/request.ts'

const serverId = '01900000-0000-7000-8000-000000000001' as never // a brand, for a test

describe('a request', () => {
  test('carries each key of its flat input where the endpoint says', () => {
    expect(requestFor(servers.logs, { serverId, lines: 5 })).toEqual({
      method: 'GET',
      path: `/api/servers/${serverId}/logs?lines=5`,
      body: null,
    })
    expect(requestFor(servers.install, { serverId, wipe: true })).toEqual({
      method: 'POST',
      path: `/api/servers/${serverId}/install`,
      body: '{"wipe":true}',
    })
    expect(requestFor(auth.me, {})).toEqual({ method: 'GET', path: '/api/auth/me', body: null })
  })

  test('leaves out what is not given and escapes what is', () => {
    expect(requestFor(servers.list, { search: 'a&b c', nodeId: undefined }).path).toBe(
      '/api/servers?search=a%26b%20c',
    )
    expect(requestFor(servers.install, { serverId }).body).toBe('{}')
  })
})

describe('a reply', () => {
  test('is data, an error of ours, or nothing we know', () => {
    const failure = { success: false, error: 'No.', code: 'forbidden', requestId: 'r' }

    expect(readReply({ success: true, data: 1 })).toEqual({ ok: true, data: 1, pagination: null })
    expect(readReply(failure)).toEqual({ ok: false, error: failure })
    expect(readReply({ success: false, error: 'x', code: 'made_up', requestId: 'r' })).toBeNull()
    expect(readReply('<html>')).toBeNull()
  })
})
