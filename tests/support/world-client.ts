import { expect } from 'vitest'
import type { CallInput, Endpoint, Output, Page, Pagination } from '../../contract/endpoint.ts'
import type { ErrorReply } from '../../contract/errors.ts'
import { readReply, requestFor } from '../../contract/request.ts'

export type Send = (path: string, init?: RequestInit) => Promise<Response>

/** The API as one person has it. */
export interface Client {
  /** Calls an endpoint that has to succeed; its reply must be what the contract says, and no more. */
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Output<E>>
  /** The same for a paged list. */
  page<E extends Endpoint>(
    endpoint: E,
    input: CallInput<E>,
  ): Promise<Page<Output<E> extends readonly (infer Item)[] ? Item : never>>
  /** Calls an endpoint that has to refuse. */
  fails<E extends Endpoint>(
    endpoint: E,
    input: CallInput<E>,
  ): Promise<ErrorReply & { readonly status: number }>
  readonly send: Send
}

/** @param headers what this person sends with each request */
export function clientOf(send: Send, headers: Readonly<Record<string, string>>): Client {
  const sendAs: Send = (path, init = {}) => {
    const all = { ...headers, ...Object.fromEntries(new Headers(init.headers)) }
    return send(path, { ...init, headers: all })
  }
  const succeed = async <E extends Endpoint>(endpoint: E, input: CallInput<E>) => {
    const { status, reply } = await ask(sendAs, endpoint, input)
    expect(reply, `${endpoint.path} answers ${status}`).toMatchObject({ ok: true })
    if (!reply.ok) throw new Error('unreachable')
    expect(status).toBe(endpoint.status)
    const data = endpoint.returns.parse(reply.data) as Output<E> // the endpoint's own schema parsed it
    expect(reply.data).toEqual(data)
    return { data, pagination: reply.pagination }
  }
  return {
    send: sendAs,
    call: async (endpoint, input) => (await succeed(endpoint, input)).data,
    page: async (endpoint, input) => {
      const { data, pagination } = await succeed(endpoint, input)
      return pageOf(data, pagination)
    },
    fails: async (endpoint, input) => {
      const { status, reply } = await ask(sendAs, endpoint, input)
      expect(reply, `${endpoint.path} answers ${status}`).toMatchObject({ ok: false })
      if (reply.ok) throw new Error('unreachable')
      return { ...reply.error, status }
    },
  }
}

/** A page's items have the type of the list's elements, which the compiler cannot see through `Output`. */
function pageOf<Items>(data: Items, pagination: Pagination | null) {
  if (pagination === null) throw new Error('the reply has no pagination')
  type Item = Items extends readonly (infer One)[] ? One : never
  return { items: data as unknown as readonly Item[], pagination }
}

async function ask<E extends Endpoint>(send: Send, endpoint: E, input: CallInput<E>) {
  const { method, path, body } = requestFor(endpoint, input)
  const headers = body === null ? undefined : { 'content-type': 'application/json' }
  const response = await send(path, { method, body, ...(headers ? { headers } : {}) })
  const text = await response.text()
  const reply = readReply(JSON.parse(text))
  if (reply === null) throw new Error(`not an answer of ours: ${text}`)
  return { status: response.status, reply }
}
