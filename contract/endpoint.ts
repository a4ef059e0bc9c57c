import * as z from 'zod'
import { OperationId } from './ids.ts'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/**
 * Who may call: anybody, anybody signed in, an account by a session of its own (no API key, no script), or
 * whoever holds the permission.
 */
export type Needs = 'public' | 'signed_in' | 'account' | Permission

type Fields = z.ZodObject

const none = z.object({})

interface Definition<P extends Fields, Q extends Fields, B extends Fields, R extends z.ZodType> {
  readonly method: Method
  /** `:name` marks a parameter; each stands in `params`. */
  readonly path: `/api/${string}`
  readonly summary: string
  /** Groups endpoints in the API's document. */
  readonly tag: string
  readonly needs: Needs
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly returns: R
  /** 200 unless said; 201 for what creates, 202 for what a node will do. */
  readonly status?: 200 | 201 | 202
  /** It changes nothing: a question that is too long for an address, and so comes as a body. */
  readonly asks?: true
  /** The largest body that is read, where that is more than usual. */
  readonly maxBodyBytes?: number
  /** The reply is one page of a list and carries `pagination`. */
  readonly paged?: true
  /** The reply holds a secret that is shown once: it is kept nowhere, not even to be answered again. */
  readonly secret?: true
  /** Open also to an account that has yet to set up the second factor that a role of its asks for. */
  readonly beforeTwoFactor?: true
}

type Flag = 'paged' | 'secret' | 'beforeTwoFactor' | 'asks' | 'maxBodyBytes'

export interface Endpoint<
  P extends Fields = Fields,
  Q extends Fields = Fields,
  B extends Fields = Fields,
  R extends z.ZodType = z.ZodType,
> extends Required<Omit<Definition<P, Q, B, R>, Flag>> {
  readonly paged: boolean
  readonly secret: boolean
  readonly beforeTwoFactor: boolean
  readonly asks: boolean
  readonly maxBodyBytes: number
}

/** The largest body that is read, in bytes: a template with its scripts fits well. */
const maxBodyBytes = 1024 * 1024

/**
 * Describes one endpoint. Router, permission check, panel client, API document and the table-wide
 * tests read this one object. Input is one flat object: no key may appear in two of `params`, `query`
 * and `body`.
 */
export function endpoint<
  R extends z.ZodType,
  P extends Fields = typeof none,
  Q extends Fields = typeof none,
  B extends Fields = typeof none,
>(definition: Definition<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const empty = none as unknown as P & Q & B // the default of each type parameter is this very object
  return {
    params: empty,
    query: empty,
    body: empty,
    status: 200,
    ...definition,
    paged: definition.paged ?? false,
    secret: definition.secret ?? false,
    beforeTwoFactor: definition.beforeTwoFactor ?? false,
    asks: definition.asks ?? false,
    maxBodyBytes: definition.maxBodyBytes ?? maxBodyBytes,
  }
}

/**
 * A name that a caller gives to one request that changes something, so that sending it again after a
 * lost answer changes nothing more: the first answer is given again for 24 hours.
 */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'Use 1 to 200 printable characters without spaces.')
export const idempotencyHeader = 'idempotency-key'

/** Whether a request to it may carry an `Idempotency-Key`: it changes something, for a known caller. */
export function takesIdempotencyKey({
  method,
  needs,
  asks,
}: Pick<Endpoint, 'method' | 'needs' | 'asks'>): boolean {
  return method !== 'GET' && !asks && needs !== 'public'
}

/** An object without fields would infer an index signature that forbids every other key. */
type FieldsOf<T> = string extends keyof T ? Record<never, never> : T

/** What a verb is given: parsed params, query and body in one object. */
export type Input<E> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? FieldsOf<z.output<P>> & FieldsOf<z.output<Q>> & FieldsOf<z.output<B>>
    : never

/** What a caller gives: the same before parsing, so fields with a default may be left out. */
export type CallInput<E> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? FieldsOf<z.input<P>> & FieldsOf<z.input<Q>> & FieldsOf<z.input<B>>
    : never

/** What `data` holds in the reply. */
export type Output<E> = E extends Endpoint<Fields, Fields, Fields, infer R> ? z.output<R> : never

export const Pagination = z
  .object({
    page: z.int().min(1),
    limit: z.int().min(1),
    total: z.int().min(0),
    totalPages: z.int().min(0),
  })
  .meta({ id: 'Pagination' })
export type Pagination = z.infer<typeof Pagination>

/** Query fields of every paged list. */
export const pageQuery = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
}

/** One page of a list, as verbs return it and clients receive it. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly pagination: Pagination
}

/** An accepted job or power click: it is queued, durable, and this names it. */
export const Accepted = z.object({ operationId: OperationId }).meta({ id: 'Accepted' })

export const Nothing = z.object({}).meta({ id: 'Nothing' })
