import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ApiKeyId, InviteId, RoleId, ServerId, UserId } from '../../../contract/ids.ts'
import type { BuiltinRole, Permission } from '../../../contract/permissions.ts'
import { users } from './accounts.ts'
import { servers } from './servers.ts'

export const roles = sqliteTable('roles', {
  id: text().$type<RoleId>().primaryKey(),
  name: text().notNull(),
  /** The name in lower case: two that differ in case alone would be taken for each other. */
  nameKey: text('name_key').notNull().unique(),
  description: text().notNull().default(''),
  /** What it may do then stands in the contract, and `permissions` is empty. */
  builtin: text().$type<BuiltinRole>(),
  permissions: text({ mode: 'json' }).$type<readonly Permission[]>().notNull(),
  /** Whoever has it has to set up a second factor before anything else. */
  requiresTwoFactor: integer('requires_two_factor', { mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
})
export type RoleRow = typeof roles.$inferSelect

export const userRoles = sqliteTable(
  'user_roles',
  {
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    roleId: text('role_id')
      .$type<RoleId>()
      .notNull()
      .references(() => roles.id),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.roleId] }),
    index('user_roles_role').on(table.roleId),
  ],
)

/** Sub-users: who may do what on a server that is not theirs. */
export const serverUsers = sqliteTable(
  'server_users',
  {
    serverId: text('server_id')
      .$type<ServerId>()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    permissions: text({ mode: 'json' }).$type<readonly Permission[]>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.userId] }),
    index('server_users_user').on(table.userId),
  ],
)
export type ServerUserRow = typeof serverUsers.$inferSelect

/** Sub-users or owners to be: whoever opens the link and signs in gets what it offers. */
export const serverInvites = sqliteTable(
  'server_invites',
  {
    id: text().$type<InviteId>().primaryKey(),
    serverId: text('server_id')
      .$type<ServerId>()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** Lower case. */
    email: text().notNull(),
    permissions: text({ mode: 'json' }).$type<readonly Permission[]>().notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    /** What they grant is bounded by what the inviter still has when the link is used. */
    invitedById: text('invited_by_id').$type<UserId>(),
    invitedByName: text('invited_by_name').notNull(),
    /** It offers the server itself, and `permissions` is what its owner so far keeps. */
    offersOwnership: integer('offers_ownership', { mode: 'boolean' }).notNull().default(false),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [uniqueIndex('server_invites_email').on(table.serverId, table.email)],
)
export type ServerInviteRow = typeof serverInvites.$inferSelect

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().$type<ApiKeyId>().primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** SHA-256 of the key; the key itself is kept by its holder alone. */
    tokenHash: text('token_hash').notNull().unique(),
    /** The key's first characters, by which its holder knows it again. */
    start: text().notNull(),
    permissions: text({ mode: 'json' }).$type<readonly Permission[]>().notNull(),
    /** The only servers that it opens; null: every server of its owner's, and the panel. */
    serverIds: text('server_ids', { mode: 'json' }).$type<readonly ServerId[]>(),
    /** Addresses and ranges that it may be used from; null: from anywhere. */
    addresses: text({ mode: 'json' }).$type<readonly string[]>(),
    expiresAt: integer('expires_at'),
    lastUsedAt: integer('last_used_at'),
    lastUsedIp: text('last_used_ip'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('api_keys_user').on(table.userId)],
)
export type ApiKeyRow = typeof apiKeys.$inferSelect
