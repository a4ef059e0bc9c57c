import * as z from 'zod'
import { endpoint, Nothing, pageQuery } from '../endpoint.ts'
import { ApiKeyId, ServerId, UserId } from '../ids.ts'
import { Permission } from '../permissions.ts'
import { Name } from '../text.ts'

/** Carries an API key; `Authorization: Bearer` does as well. */
export const apiKeyHeader = 'x-api-key'

export const ApiKey = z
  .object({
    id: ApiKeyId,
    name: z.string(),
    start: z.string().describe('Its first characters, by which it is known again.'),
    permissions: z
      .array(Permission)
      .describe('What it may do, as far as its account may do so at that moment.'),
    serverIds: z
      .array(ServerId)
      .nullable()
      .describe('The only servers that it opens, and nothing of the panel; null: no such limit.'),
    addresses: z
      .array(z.string())
      .nullable()
      .describe('Where it may be used from; null: anywhere.'),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('Exact to a minute.'),
    lastUsedIp: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

export const NewApiKey = ApiKey.extend({
  key: z.string().describe('Works as `x-api-key` and as `Authorization: Bearer`; shown this once.'),
}).meta({ id: 'NewApiKey' })
export type NewApiKey = z.infer<typeof NewApiKey>

/** A key as those see it who look after all accounts. */
export const OwnedApiKey = ApiKey.extend({
  owner: z.object({ userId: UserId, name: z.string(), email: z.string() }),
}).meta({ id: 'OwnedApiKey' })
export type OwnedApiKey = z.infer<typeof OwnedApiKey>

function eachOnce(names: readonly string[]): boolean {
  return new Set(names).size === names.length
}

const Scopes = z
  .array(Permission)
  .min(1, 'Choose at least one.')
  .refine(eachOnce, 'Name each permission once.')

const ServerIds = z
  .array(ServerId)
  .min(1, 'Choose at least one.')
  .max(200)
  .refine(eachOnce, 'Name each server once.')
  .nullable()

/** An address or a range of them (CIDR), of either kind. */
export const AddressRange = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'Give an address or a range, like 203.0.113.7 or 2001:db8::/48.',
)

const Addresses = z.array(AddressRange).min(1, 'Give at least one.').max(50).nullable()

const ExpiresAt = z.iso.datetime().nullable()

const own = { tag: 'API keys', needs: 'account' } as const
const params = z.object({ apiKeyId: ApiKeyId })

/** One's own keys. A key neither sees nor makes any: what is stolen must not grow. */
export const apiKeys = {
  list: endpoint({
    ...own,
    method: 'GET',
    path: '/api/auth/api-keys',
    summary: 'Your API keys, the newest first',
    returns: z.array(ApiKey),
  }),
  create: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/api-keys',
    summary: 'Make an API key; it may hold no right that you do not have',
    body: z.object({
      name: Name,
      permissions: Scopes,
      serverIds: ServerIds.default(null),
      addresses: Addresses.default(null),
      expiresAt: ExpiresAt.default(null),
    }),
    returns: NewApiKey,
    secret: true,
    status: 201,
  }),
  update: endpoint({
    ...own,
    method: 'PUT',
    path: '/api/auth/api-keys/:apiKeyId',
    summary: 'Change what an API key of yours is good for; the key itself stays',
    params,
    body: z
      .object({
        name: Name,
        permissions: Scopes,
        serverIds: ServerIds,
        addresses: Addresses,
        expiresAt: ExpiresAt,
      })
      .partial(),
    returns: ApiKey,
  }),
  delete: endpoint({
    ...own,
    method: 'DELETE',
    path: '/api/auth/api-keys/:apiKeyId',
    summary: 'Delete an API key of yours; it opens nothing from then on',
    params,
    returns: Nothing,
  }),
}

/** Keys of all accounts, for whoever looks after them. */
export const allApiKeys = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/api-keys',
    summary: 'API keys of all accounts, the newest first',
    tag: 'API keys',
    needs: 'apikey.manage',
    query: z.object({ ...pageQuery, userId: UserId.optional() }),
    returns: z.array(OwnedApiKey),
    paged: true,
  }),
  revoke: endpoint({
    method: 'DELETE',
    path: '/api/admin/api-keys/:apiKeyId',
    summary: 'Revoke an API key of an account that has no right that you do not have',
    tag: 'API keys',
    needs: 'apikey.manage',
    params,
    returns: Nothing,
  }),
}
