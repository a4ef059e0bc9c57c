import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ProviderId, UserId } from '../../../contract/ids.ts'
import { users } from './accounts.ts'

/** What a one-time token is good for; one made for one purpose opens nothing else. */
export type TokenPurpose =
  | 'two_factor'
  | 'totp_set_up'
  | 'passkey_sign_in'
  | 'passkey_registration'
  | 'account_invite'
  | 'password_reset'
  | 'login_link'
  | 'oidc'

/** Secrets that are used once, soon. A row goes when its token is used. */
export const oneTimeTokens = sqliteTable(
  'one_time_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    purpose: text().$type<TokenPurpose>().notNull(),
    userId: text('user_id')
      .$type<UserId>()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What whoever made the token has to know when it is used. Never a secret in the clear. */
    payload: text({ mode: 'json' }).$type<unknown>(),
    /** Wrong answers so far, where the token waits for one. */
    failures: integer().notNull().default(0),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('one_time_tokens_user').on(table.userId, table.purpose),
    index('one_time_tokens_expires').on(table.expiresAt),
  ],
)
export type OneTimeTokenRow = typeof oneTimeTokens.$inferSelect

/** An account's authenticator app (RFC 6238), once a first code has shown that it has the secret. */
export const totpSecrets = sqliteTable('totp_secrets', {
  userId: text('user_id')
    .$type<UserId>()
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed: see `secret-box.ts`. */
  secret: text().notNull(),
  /** The newest time step that a code was taken of: none of it or before is taken again. */
  lastStep: integer('last_step').notNull().default(0),
  createdAt: integer('created_at').notNull(),
})

export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.codeHash] })],
)

export const passkeys = sqliteTable(
  'passkeys',
  {
    /** The credential's id, base64url. */
    id: text().primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** COSE, base64url. */
    publicKey: text('public_key').notNull(),
    counter: integer().notNull(),
    transports: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('passkeys_user').on(table.userId)],
)
export type PasskeyRow = typeof passkeys.$inferSelect

/** Gives `roleId` to whoever's claim holds `value`. */
export interface ClaimRule {
  readonly claim: string
  readonly value: string
  readonly roleId: string
}

export const oidcProviders = sqliteTable('oidc_providers', {
  id: text().$type<ProviderId>().primaryKey(),
  name: text().notNull().unique(),
  issuer: text().notNull(),
  clientId: text('client_id').notNull(),
  /** Sealed; null for a public client. */
  clientSecret: text('client_secret'),
  scopes: text().notNull(),
  claimRules: text('claim_rules', { mode: 'json' }).$type<readonly ClaimRule[]>().notNull(),
  /** Whether somebody without an account gets one. */
  createsAccounts: integer('creates_accounts', { mode: 'boolean' }).notNull(),
  enabled: integer({ mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
})
export type OidcProviderRow = typeof oidcProviders.$inferSelect

export const externalIdentities = sqliteTable(
  'external_identities',
  {
    providerId: text('provider_id')
      .$type<ProviderId>()
      .notNull()
      .references(() => oidcProviders.id, { onDelete: 'cascade' }),
    /** The provider's own name for them, which never changes; an e-mail address may. */
    subject: text().notNull(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.providerId, table.subject] }),
    index('external_identities_user').on(table.userId),
  ],
)
