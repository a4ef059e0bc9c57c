import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import type { OperationKind, OperationState } from '../../../contract/api/operations.ts'
import type { ApiKeyId, AuditId, NodeId, OperationId, ServerId } from '../../../contract/ids.ts'
import type { Command } from '../../../contract/protocol/commands.ts'

/**
 * Jobs and power clicks with where they stand. Servers and nodes are named by value, not by reference:
 * a row outlives what it was done to.
 */
export const operations = sqliteTable(
  'operations',
  {
    id: text().$type<OperationId>().primaryKey(),
    kind: text().$type<OperationKind>().notNull(),
    state: text().$type<OperationState>().notNull(),
    serverId: text('server_id').$type<ServerId>(),
    serverName: text('server_name'),
    nodeId: text('node_id').$type<NodeId>().notNull(),
    nodeName: text('node_name').notNull(),
    actorKind: text('actor_kind').$type<'user' | 'system'>().notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    subject: text(),
    /** What is submitted to the node; null: it waits for `generation` to be observed. */
    command: text({ mode: 'json' }).$type<Command>(),
    generation: integer(),
    percent: real(),
    bytes: real(),
    message: text(),
    code: text(),
    log: text({ mode: 'json' }).$type<readonly string[]>().notNull().default([]),
    cancelRequestedAt: integer('cancel_requested_at'),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    expiresAt: integer('expires_at'),
  },
  (table) => [
    index('operations_server').on(table.serverId, table.createdAt),
    index('operations_state').on(table.state, table.createdAt),
    index('operations_actor').on(table.actorId, table.createdAt),
    index('operations_created').on(table.createdAt),
    index('operations_node_state').on(table.nodeId, table.state),
  ],
)
export type OperationRow = typeof operations.$inferSelect

/** What was done, by whom. Rows are only ever added. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text().$type<AuditId>().primaryKey(),
    at: integer().notNull(),
    action: text().notNull(),
    actorKind: text('actor_kind').$type<'user' | 'system' | 'agent' | 'anonymous'>().notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    /** The API key that the actor came with; null: with something else. The key may be gone by now. */
    apiKeyId: text('api_key_id').$type<ApiKeyId>(),
    ip: text(),
    requestId: text('request_id').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    before: text({ mode: 'json' }).$type<unknown>(),
    after: text({ mode: 'json' }).$type<unknown>(),
  },
  (table) => [
    index('audit_log_at').on(table.at),
    index('audit_log_action').on(table.action, table.at),
    index('audit_log_actor').on(table.actorId, table.at),
    index('audit_log_target').on(table.targetId, table.at),
  ],
)
export type AuditRow = typeof auditLog.$inferSelect

/**
 * Requests that came with an `Idempotency-Key` and changed something. A row is written by the transaction
 * that makes the change, so it says for certain that the change happened; the answer is added after it.
 */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    /** The user's id, or `operator`. */
    caller: text().notNull(),
    keyHash: text('key_hash').notNull(),
    /** Names method, path and input; keyed by the key itself, so that it gives no input away. */
    fingerprint: text().notNull(),
    requestId: text('request_id').notNull(),
    createdAt: integer('created_at').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    operationId: text('operation_id').$type<OperationId>(),
    /** Null until the first answer is known, and for answers that hold a secret. */
    status: integer(),
    reply: text({ mode: 'json' }).$type<unknown>(),
  },
  (table) => [
    primaryKey({ columns: [table.caller, table.keyHash] }),
    index('idempotency_keys_created').on(table.createdAt),
  ],
)
export type IdempotencyRow = typeof idempotencyKeys.$inferSelect

/**
 * The feed of changes: one row for each thing that changed, with the number of its newest change. Triggers
 * of the database write it (see the migration that makes the table), so no change can be forgotten and
 * none is told before it is committed. A reader asks for what is above the number it has seen.
 */
export const changes = sqliteTable(
  'changes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** `access`: what one account may do on a server changed; the entity is `<server> <account>`. */
    kind: text().$type<'operation' | 'server' | 'node' | 'access'>().notNull(),
    entityId: text('entity_id').notNull(),
    /** A server's owner, who may still hear that it is gone; of `access` the account. */
    ownerId: text('owner_id'),
  },
  (table) => [uniqueIndex('changes_entity').on(table.kind, table.entityId)],
)
export type ChangeRow = typeof changes.$inferSelect

/** Single facts about this database: see `db/meta.ts`. */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: text().notNull(),
})
